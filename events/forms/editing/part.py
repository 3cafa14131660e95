from typing import Any, ClassVar

from django import forms

from events.editing import BACK, TO_OVERVIEW
from events.models import Event

COLUMNS = {field.name for field in Event._meta.concrete_fields}


class PartForm(forms.ModelForm):
    """A part of an event. It writes what it asks for and nothing else, as someone of the team may
    be at another part, or publish the event, at the same moment.
    """

    also_written: ClassVar[tuple[str, ...]] = ()

    @property
    def is_left(self) -> bool:
        """Whether someone turned away from it without a change: that needs no right answers."""
        return self.data.get("then") in (BACK, TO_OVERVIEW) and not self.has_changed()

    def save(self, commit: bool = True) -> Any:
        event: Event = self.instance
        if commit:
            event.save(update_fields={*self.written(), "updated_at"})
        return event

    def written(self) -> set[str]:
        return {*(COLUMNS & self.fields.keys()), *self.also_written}
