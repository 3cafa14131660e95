"""The forms of an event whose buyers can be told when and where it takes place now."""

from dataclasses import dataclass
from typing import Any

from django import forms

from bookings.models import Notice
from events.calendars import place_of
from events.forms.editing.when import WhenForm
from events.forms.editing.where import WhereForm
from events.forms.event import EventForm
from events.models import Event
from events.services.following_dates import Changed

WHEN_AND_WHERE = {
    *("starts_on", "starts_time", "starts_occurrence", "ends_on", "ends_time", "ends_occurrence"),
    *("timezone", "is_all_day", "city", "venue", "address", "is_online"),
}


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


class AnnouncingForm(forms.ModelForm):
    """Goes before a form of an event's times and place."""

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

    def ask_only_with(self, buyers: int) -> None:
        """Where nobody has booked, nobody needs to be told."""
        if not buyers:
            del self.fields["tell_buyers"], self.fields["words_to_buyers"]

    def clean(self) -> dict[str, Any]:
        """Words that nobody would be sent are not dropped without a word."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("words_to_buyers") and not cleaned.get("tell_buyers"):
            self.add_error("words_to_buyers", "Tick the box above to send them.")
        elif cleaned.get("words_to_buyers") and not WHEN_AND_WHERE & set(self.changed_data):
            self.add_error(
                "words_to_buyers", "They are sent with a new time or place, and neither is new."
            )
        return cleaned

    def news(self) -> dict[str, str]:
        """What tell_of_change is to say, once the form was saved: empty if nothing is news."""
        if self._before is None or not self.cleaned_data.get("tell_buyers"):
            return {}
        return self._news(self._before, WhenAndWhere.of(self.instance))

    def news_of(self, date: Changed) -> dict[str, str]:
        """The same, of another date of its series."""
        if not self.cleaned_data.get("tell_buyers"):
            return {}
        return self._news(WhenAndWhere.of(date.before), WhenAndWhere.of(date.event))

    def _news(self, before: WhenAndWhere, now: WhenAndWhere) -> dict[str, str]:
        old = {
            "old_time": before.time if now.time != before.time else "",
            "old_place": before.place if now.place != before.place else "",
        }
        return old | {"text": self.cleaned_data["words_to_buyers"]} if any(old.values()) else {}


class AnnouncedEventForm(AnnouncingForm, EventForm):
    """All of an event, as staff write it."""


class AnnouncedWhenForm(AnnouncingForm, WhenForm):
    def __init__(self, *args: Any, buyers: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_only_with(buyers)


class AnnouncedWhereForm(AnnouncingForm, WhereForm):
    def __init__(self, *args: Any, buyers: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_only_with(buyers)
