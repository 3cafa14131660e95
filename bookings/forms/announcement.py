"""The form of an event whose buyers can be told when and where it takes place now."""

from dataclasses import dataclass
from typing import Any

from django import forms

from bookings.models import Notice
from events.calendars import place_of
from events.forms.event import EventForm
from events.models import Event


@dataclass(frozen=True, slots=True)
class WhenAndWhere:
    """What people read about an event, and plan their evening by."""

    time: str
    place: str

    @classmethod
    def of(cls, event: Event) -> "WhenAndWhere":
        place = place_of(event)
        is_both = event.is_online and place != "Online"
        return cls(str(event.schedule), f"{place} and online" if is_both else place)


class AnnouncedEventForm(EventForm):
    tell_buyers = forms.BooleanField(
        label="Tell the buyers about a new time or place",
        required=False,
        initial=True,
        help_text="By mail, if one of them changes. Those who have booked already are told.",
    )
    words_to_buyers = forms.CharField(
        label="Your words to them",
        required=False,
        max_length=Notice._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="They stand in the mail. You can leave them out.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._before = WhenAndWhere.of(self.instance) if self.instance.pk else None

    def news(self) -> dict[str, str]:
        """What tell_of_change is to say, once the form was saved: empty if nothing is news."""
        if self._before is None or not self.cleaned_data.get("tell_buyers"):
            return {}
        now = WhenAndWhere.of(self.instance)
        old = {
            "old_time": self._before.time if now.time != self._before.time else "",
            "old_place": self._before.place if now.place != self._before.place else "",
        }
        return old | {"text": self.cleaned_data["words_to_buyers"]} if any(old.values()) else {}
