"""A search as a month."""

import datetime as dt
from calendar import Calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from events.forms.choices import query_with
from events.forms.filters import EventFilterForm
from events.models import Event
from events.search.calendar import (
    DayOfEvents,
    days_with_events,
    last_month,
    month_after,
    month_to_show,
)
from events.search.finding import Search, Total

WEEKS = Calendar(firstweekday=0)
NO_EVENTS = DayOfEvents(0, ())


@dataclass(frozen=True, slots=True)
class Entry:
    """``time`` is when it begins on that day, empty where it does not, or takes the whole day."""

    event: Event
    time: str


@dataclass(frozen=True, slots=True)
class Day:
    """With its first events; ``more`` there are besides, in the list at the address."""

    date: dt.date
    url: str
    total: Total
    entries: list[Entry]
    is_today: bool

    @property
    def more(self) -> int:
        return self.total.number - len(self.entries)


@dataclass(frozen=True, slots=True)
class Month:
    """In the weeks, days of other months are None; ``previous`` and ``following`` are addresses,
    empty where there is nothing to see any more, or yet.
    """

    first: dt.date
    weeks: list[list[Day | None]]
    previous: str
    following: str

    @property
    def is_empty(self) -> bool:
        return not any(day and day.total.number for week in self.weeks for day in week)


def month_of(form: EventFilterForm, search: Search) -> Month:
    today = search.moment.today
    month = month_to_show(form.cleaned_data["month"], search.criteria, today)
    found = days_with_events(search, month)
    events = _load_events(pk for day in found.values() for pk in day.event_ids)
    weeks = [
        [
            _day(form, date, found.get(date, NO_EVENTS), events, today)
            if date.month == month.month
            else None
            for date in week
        ]
        for week in WEEKS.monthdatescalendar(month.year, month.month)
    ]
    has_previous, has_following = month > today.replace(day=1), month < last_month(today)
    return Month(
        month,
        weeks,
        previous=_url(form, month_after(month, -1)) if has_previous else "",
        following=_url(form, month_after(month, 1)) if has_following else "",
    )


def _load_events(pks: Iterable[int]) -> dict[int, Event]:
    events = Event.objects.published().only(
        *("title", "slug", "starts_at", "ends_at", "timezone", "is_all_day")
    )
    return events.in_bulk(list(set(pks)))


def _day(
    form: EventFilterForm,
    date: dt.date,
    found: DayOfEvents,
    events: Mapping[int, Event],
    today: dt.date,
) -> Day:
    url = query_with(
        form.query,
        **dict.fromkeys(("when", "date_from", "date_to", "view", "month")),
        date=date.isoformat(),
    )
    entries = [_entry(events[pk], date) for pk in found.event_ids if pk in events]
    return Day(date, url, Total(found.total), entries, is_today=date == today)


def _entry(event: Event, date: dt.date) -> Entry:
    schedule = event.schedule
    begins = schedule.first_day == date and not event.is_all_day
    return Entry(event, f"{schedule.start:%H:%M}" if begins else "")


def _url(form: EventFilterForm, month: dt.date) -> str:
    return query_with(form.query, month=f"{month:%Y-%m}")
