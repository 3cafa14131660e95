from typing import Any, ClassVar

from django import forms
from django.db import transaction

from events.editing import BACK, TO_OVERVIEW
from events.forms.editing.scope import ask_for_scope, is_for_following
from events.models import Event
from events.services.following_dates import Changed, change_following

COLUMNS = {field.name for field in Event._meta.concrete_fields}


class PartForm(forms.ModelForm):
    """A part of an event. It writes what it asks for and nothing else, as someone of the team may
    be at another part, or publish the event, at the same moment. Of a date of a series, it can
    write what was changed into those after it as well: ``changed_dates``, once it was saved.
    """

    also_written: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changed_dates: list[Changed] = []
        if self.instance.series_id:
            ask_for_scope(self, Event.objects.following(self.instance))

    @property
    def is_left(self) -> bool:
        """Whether someone turned away from it without a change: that needs no right answers."""
        return self.data.get("then") in (BACK, TO_OVERVIEW) and not self.has_changed()

    def save(self, commit: bool = True) -> Any:
        """All or nothing. Raises DateImpossibleError for another date of the series."""
        event: Event = self.instance
        if commit:
            with transaction.atomic():
                event.save(update_fields={*self.written(), "updated_at"})
                if is_for_following(self):
                    self.changed_dates = self.change_following()
        return event

    def change_following(self) -> list[Changed]:
        names = COLUMNS & set(self.changed_data)
        values = {name: getattr(self.instance, name) for name in names}
        return change_following(event=self.instance, values=values) if values else []

    def written(self) -> set[str]:
        return {*(COLUMNS & self.fields.keys()), *self.also_written}
