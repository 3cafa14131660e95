"""The dates of a series, as a host plans them: a rule, its end, and what is left out."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms

from events.forms.schedule import DayField, OccurrenceField
from events.localtime import AmbiguousLocalTime, LocalTimeError
from events.models import Event
from events.recurrence import MOST_DATES, in_words
from events.schedule import Schedule
from events.services.series import Slot
from events.wall_times import WallTimes, why_not

MAKE: Final = "make"


@dataclass(slots=True)
class PlannedDate:
    """``problem`` is why it cannot be; then it has to be left out."""

    day: dt.date
    is_left_out: bool = False
    slot: Slot | None = None
    schedule: Schedule | None = None
    problem: str = ""

    @property
    def value(self) -> str:
        return self.day.isoformat()


class DaysField(forms.Field):
    """Any number of days, each as 2026-12-04; what is none is not there."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> set[dt.date]:
        return {day for text in value or [] if (day := _day(str(text)))}


class DatesForm(forms.Form):
    """Plans the dates after the pattern of ``event``; nothing is made until they were seen."""

    ends = forms.ChoiceField(
        label="It ends",
        choices=[("count", "After a number of dates"), ("until", "On a day")],
        initial="count",
        widget=forms.RadioSelect,
    )
    count = forms.IntegerField(
        label="How many dates", min_value=1, max_value=MOST_DATES, required=False
    )
    until = DayField(label="The last day", required=False)
    occurrence = OccurrenceField()
    is_public = forms.BooleanField(
        label="Publish the new dates at once",
        required=False,
        initial=True,
        help_text="Otherwise they are drafts, which only your team sees.",
    )
    left_out = DaysField(required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.dates: list[PlannedDate] = []
        if not event.is_published:
            del self.fields["is_public"]
        if self["occurrence"].value() not in (None, ""):
            self._occurrence.ask()

    @property
    def rule(self) -> str:
        """With its end; once the form was cleaned."""
        is_count = self.cleaned_data["ends"] == "count"
        end = f"COUNT={self.cleaned_data['count']}" if is_count else ""
        if not is_count:
            end = f"UNTIL={self.cleaned_data['until']:%Y%m%d}"
        return f"{self.open_rule()};{end}"

    @property
    def rule_in_words(self) -> str:
        return in_words(self.open_rule())

    @property
    def is_confirmed(self) -> bool:
        """Whether these dates are to be made, and were seen before."""
        return self.data.get("then") == MAKE and self.cleaned_data["seen"] == self.rule

    @property
    def slots(self) -> list[Slot]:
        return [date.slot for date in self.dates if date.slot]

    @property
    def days_left_out(self) -> list[dt.date]:
        return [date.day for date in self.dates if date.is_left_out]

    def open_rule(self) -> str:
        raise NotImplementedError

    def find_days(self, count: int | None, until: dt.date | None) -> list[dt.date]:
        """Those to be made. Raises ValidationError."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        ends = cleaned.get("ends")
        if ends and cleaned.get(ends) is None and not self.has_error(ends):
            self.add_error(ends, "Give this, or choose the other end.")
        if not self.errors:
            count = cleaned["count"] if ends == "count" else None
            until = cleaned["until"] if ends == "until" else None
            try:
                days = self.find_days(count, until)
            except forms.ValidationError as error:
                self.add_error(str(ends), error)
            else:
                self._plan(days)
        return cleaned

    def _plan(self, days: list[dt.date]) -> None:
        pattern, left_out = WallTimes.of(self.event), self.cleaned_data["left_out"]
        self.dates = [self._planned(pattern, day, is_left_out=day in left_out) for day in days]
        if self.data.get("then") != MAKE:
            return
        problems = [date for date in self.dates if date.problem and not date.is_left_out]
        if problems:
            self.add_error(None, "One of the dates cannot be so: see the list.")
        elif not self.slots:
            self.add_error(None, "All dates are left out, so that there is nothing to make.")

    def _planned(self, pattern: WallTimes, day: dt.date, *, is_left_out: bool) -> PlannedDate:
        date = PlannedDate(day, is_left_out)
        try:
            starts_at, ends_at = pattern.on(day).instants(self.cleaned_data["occurrence"])
        except LocalTimeError as error:
            date.problem = why_not(error)
            if isinstance(error, AmbiguousLocalTime) and not is_left_out:
                self._occurrence.ask()
            return date
        if ends_at <= starts_at:
            date.problem = "On this day its end would come before its start."
            return date
        date.schedule = Schedule(starts_at, ends_at, pattern.timezone, pattern.is_all_day)
        if not is_left_out:
            date.slot = Slot(day, starts_at, ends_at)
        return date

    @property
    def _occurrence(self) -> OccurrenceField:
        return cast("OccurrenceField", self.fields["occurrence"])


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
