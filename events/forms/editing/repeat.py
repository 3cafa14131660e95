"""A series out of an event, and more dates of a series."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone

from events.forms.editing.dates import DatesForm
from events.forms.schedule import LAST_DAY
from events.models import Event, EventSeries
from events.recurrence import LONGEST, MOST_DATES, days_of, month_rules, rule_of, without_end

USUAL_COUNT = 10
WEEKDAYS = [
    *(("MO", "Monday"), ("TU", "Tuesday"), ("WE", "Wednesday"), ("TH", "Thursday")),
    *(("FR", "Friday"), ("SA", "Saturday"), ("SU", "Sunday")),
]


class RepeatForm(DatesForm):
    """A series out of an event, which becomes its first date."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    frequency = forms.ChoiceField(
        label="It takes place again",
        choices=[("DAILY", "By days"), ("WEEKLY", "By weeks"), ("MONTHLY", "By months")],
        initial="WEEKLY",
        widget=forms.RadioSelect,
    )
    interval = forms.IntegerField(
        label="Every how many",
        min_value=1,
        max_value=60,
        initial=1,
        help_text="1 is every day, week or month; 2 is every other one.",
    )
    weekdays = forms.MultipleChoiceField(
        label="On these days of the week", required=False, widget=forms.CheckboxSelectMultiple
    )
    in_month = forms.ChoiceField(label="In the month", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, event=event, **kwargs)
        self.first_day = event.schedule.first_day
        self.initial.setdefault("count", USUAL_COUNT)
        self._offer("weekdays", WEEKDAYS, [WEEKDAYS[self.first_day.weekday()][0]])
        in_month = month_rules(self.first_day)
        self._offer("in_month", in_month, in_month[0][0])

    def open_rule(self) -> str:
        cleaned = self.cleaned_data
        frequency = cleaned["frequency"]
        return rule_of(
            frequency=frequency,
            interval=cleaned["interval"],
            weekdays=cleaned["weekdays"] if frequency == "WEEKLY" else (),
            in_month=cleaned["in_month"] if frequency == "MONTHLY" else "",
        )

    def clean(self) -> dict[str, Any]:
        frequency = self.cleaned_data.get("frequency")
        if frequency == "WEEKLY" and not self.cleaned_data.get("weekdays"):
            self._say("weekdays", "Choose at least one day.")
        if frequency == "MONTHLY" and not self.cleaned_data.get("in_month"):
            self._say("in_month", "Choose one of them.")
        return super().clean()

    def find_days(self, count: int | None, until: dt.date | None) -> list[dt.date]:
        last_day = check_end(self.first_day, until, MOST_DATES)
        days = days_of(self.rule, self.first_day, last_day=last_day)
        check_count(days, count, MOST_DATES)
        if len(days) == 1:
            raise forms.ValidationError("That is only the date which there is already.")
        return days[1:]

    def _say(self, name: str, text: str) -> None:
        if not self.has_error(name):
            self.add_error(name, text)

    def _offer(self, name: str, choices: list[tuple[str, str]], initial: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault(name, initial)


class ExtendForm(DatesForm):
    """More dates of a series, after those that there were when the form was shown, by its rule."""

    last_day = forms.DateField(
        widget=forms.HiddenInput, validators=[MaxValueValidator(LAST_DAY, "There is no such date.")]
    )

    def __init__(self, *args: Any, series: EventSeries, last_day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.series = series
        self.initial.setdefault("last_day", last_day)
        self.fields["count"].label = "How many more dates"

    def open_rule(self) -> str:
        return without_end(self.series.rule)

    def find_days(self, count: int | None, until: dt.date | None) -> list[dt.date]:
        last_day = self.cleaned_data["last_day"]
        dates = Event.objects.dates_of(self.event).filter(series_day__lte=last_day)
        most = MOST_DATES - dates.upcoming().count()
        if most < 1:
            raise forms.ValidationError(f"{MOST_DATES} dates are still to come: that is the most.")
        # Nothing is added to what is over.
        after = max(last_day, timezone.now().date())
        bound = check_end(after, until, most)
        days = days_of(self.open_rule(), self.series.first_day, last_day=bound)
        days = [day for day in days if day > after][:count]
        check_count(days, count, most)
        if not days:
            raise forms.ValidationError("Until then there is no other date.")
        return days


def check_end(first_day: dt.date, until: dt.date | None, most: int) -> dt.date:
    """The last day that can be. Raises ValidationError."""
    last_day = first_day + LONGEST
    if until is not None and until <= first_day:
        raise forms.ValidationError(f"Give a day after {_spoken(first_day)}.")
    if until is not None and until > last_day:
        raise forms.ValidationError(
            f"A series goes on for two years at most, and for {most} dates: give a day up to"
            f" {_spoken(last_day)}. It can be extended later."
        )
    return until or last_day


def check_count(days: list[dt.date], count: int | None, most: int) -> None:
    if len(days) > most or (count or 0) > most:
        at_most = f"At most {most} can be made" if most < MOST_DATES else f"At most {most} can be"
        end = f": up to {_spoken(days[most - 1])}" if len(days) >= most else ""
        raise forms.ValidationError(
            f"That would be {max(len(days), count or 0)} dates. {at_most}{end}."
        )
    if count is not None and len(days) < count:
        raise forms.ValidationError(
            f"So many dates would go on for more than two years. {len(days)} fit into them, the"
            f" last one on {_spoken(days[-1])}."
            if days
            else "The rule names no day within two years."
        )


def _spoken(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
