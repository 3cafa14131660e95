"""The fields in which people give an event's times, and the instants that they mean."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from eventmate.timezones import time_zone_names
from events.clock_changes import end_of_day, start_of_day, why_ambiguous, why_nonexistent
from events.forms.local_time import End, LocalTime, StoredTimes
from events.localtime import AmbiguousLocalTime, NonexistentLocalTime, Occurrence, to_instant

FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
ENDS: tuple[End, End] = ("starts", "ends")


def time_zone_choices() -> list[tuple[str, Any]]:
    """Every zone, in groups by continent; those without one are last."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(time_zone_names()):
        area, _, place = name.partition("/")
        label = f"{place.replace('_', ' ')} ({area})" if place else name
        groups.setdefault(area if place else "Other", []).append((name, label))
    other = groups.pop("Other", [])
    return [("", "The city’s"), *groups.items(), ("Other", other)]


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            validators=[
                MinValueValidator(FIRST_DAY, f"Give a year from {FIRST_DAY.year} on."),
                MaxValueValidator(LAST_DAY, f"Give a year up to {LAST_DAY.year}."),
            ],
            **kwargs,
        )


class ClockField(forms.TimeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            **kwargs,
        )


class OccurrenceField(forms.TypedChoiceField):
    """Which one of two equal times. It stays hidden until that is a question."""

    def __init__(self) -> None:
        super().__init__(
            label="Which one",
            required=False,
            choices=[
                ("", "Choose"),
                (Occurrence.FIRST.value, "The first, before clocks go back"),
                (Occurrence.SECOND.value, "The second, after clocks went back"),
            ],
            coerce=lambda value: Occurrence(int(value)),
            empty_value=None,
            widget=forms.HiddenInput,
        )

    def ask(self) -> None:
        self.widget = forms.Select()
        self.widget.choices = self.choices


class ScheduleForm(forms.ModelForm):
    """Days, times and time zone of an event. ``is_all_day`` and the city come from the form that
    builds on this one.

    An end of the event whose fields were not changed stays the very instant that it was.
    """

    starts_on = DayField(label="Starts on")
    starts_time = ClockField(label="Start time")
    starts_occurrence = OccurrenceField()
    ends_on = DayField(label="Ends on")
    ends_time = ClockField(label="End time")
    ends_occurrence = OccurrenceField()
    timezone = forms.ChoiceField(
        label="Time zone",
        required=False,
        choices=time_zone_choices,
        help_text="In which these times are given, and shown to everyone.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = StoredTimes.of(self.instance)
        for end in ENDS:
            if self._stored:
                self._show(end, self._stored.shown(end))
            if self[f"{end}_occurrence"].value() not in (None, ""):
                self._occurrence_field(end).ask()

    def clean(self) -> dict[str, Any]:
        super().clean()
        zone_name = self._clean_zone()
        if zone_name and "is_all_day" in self.cleaned_data:
            starts_at, ends_at = (self._clean_end(end, zone_name) for end in ENDS)
            if starts_at and ends_at and ends_at <= starts_at:
                self.add_error("ends_on", "The end must come after the start.")
            elif starts_at and ends_at:
                self.instance.starts_at, self.instance.ends_at = starts_at, ends_at
                self.instance.is_scheduled = True
        return self.cleaned_data

    def _show(self, end: End, shown: LocalTime) -> None:
        self.initial.setdefault(f"{end}_on", shown.day)
        self.initial.setdefault(f"{end}_time", shown.time)
        self.initial.setdefault(f"{end}_occurrence", shown.occurrence)

    def _occurrence_field(self, end: End) -> OccurrenceField:
        return cast("OccurrenceField", self.fields[f"{end}_occurrence"])

    def _clean_zone(self) -> str:
        city = self.cleaned_data.get("city")
        if self.cleaned_data.get("timezone") == "" and city:
            self.cleaned_data["timezone"] = city.timezone
        zone_name: str = self.cleaned_data.get("timezone", "")
        if not zone_name and not self.has_error("timezone") and not self.has_error("city"):
            self.add_error("timezone", "Choose one, as there is no city to take it from.")
        return zone_name

    def _clean_end(self, end: End, zone_name: str) -> dt.datetime | None:
        """The instant that the fields of one end mean, or None with an error at one of them."""
        typed = self._typed(end)
        if typed is None:
            return None
        if self._stored and self._stored.is_meant_by(end, typed, zone_name):
            return self._stored.instant(end)
        if typed.time is None:
            return self._midnight(end, typed.day, zone_name)
        kept = self._stored.wall_clock_of(end, typed) if self._stored else None
        wall_clock = kept or dt.datetime.combine(typed.day, typed.time)
        try:
            return to_instant(wall_clock, zone_name, typed.occurrence)
        except NonexistentLocalTime:
            self.add_error(f"{end}_time", why_nonexistent(wall_clock, zone_name))
        except AmbiguousLocalTime:
            self._occurrence_field(end).ask()
            self.add_error(f"{end}_occurrence", why_ambiguous(wall_clock, zone_name))
        return None

    def _typed(self, end: End) -> LocalTime | None:
        day, time = (self.cleaned_data.get(f"{end}_{part}") for part in ("on", "time"))
        if self.cleaned_data["is_all_day"]:
            return LocalTime(day) if day else None
        if time is None and not self.has_error(f"{end}_time"):
            self.add_error(f"{end}_time", "Give a time, or say that it takes whole days.")
        if day is None or time is None:
            return None
        return LocalTime(day, time, self.cleaned_data.get(f"{end}_occurrence"))

    def _midnight(self, end: End, day: dt.date, zone_name: str) -> dt.datetime | None:
        """Where whole days begin or end. The last day is counted in."""
        try:
            return (start_of_day if end == "starts" else end_of_day)(day, zone_name)
        except NonexistentLocalTime:
            self.add_error(f"{end}_on", f"This day was left out of the calendar in {zone_name}.")
        return None
