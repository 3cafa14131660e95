"""Where a search that finds nothing can go on."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import Any

from events.cards import load_cards
from events.distance import kilometres
from events.forms.chips import Chip, chips_of
from events.forms.choices import query_with
from events.forms.filters import EventFilterForm
from events.models import Event
from events.search.criteria import Criteria, Sort
from events.search.finding import Moment, Search, Total
from events.search.kept_names import cities_by_id
from events.search.map_points import totals_by_city
from events.search.names import CityName

MOST_CHIPS, MOST_OTHER_DAYS, MOST_NEARBY = 6, 3, 4
NEARBY_KM = 150.0


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another search that finds something."""

    label: str
    url: str
    total: Total


@dataclass(frozen=True, slots=True)
class Alternatives:
    """``without`` one filter each or, where that finds nothing either, with each ``alone``;
    ``nearby`` in other cities, and events on ``other_days``.
    """

    without: list[Alternative]
    alone: list[Alternative]
    nearby: list[Alternative]
    other_days: list[Event]


def alternatives_to(form: EventFilterForm, moment: Moment, user: Any) -> Alternatives:
    """To the search of a valid form that finds nothing."""
    chips = chips_of(form)[:MOST_CHIPS]
    without = list(_without_one(chips, moment)) if len(chips) > 1 else []
    return Alternatives(
        without=without,
        # Of two, one is alone without the other.
        alone=list(_alone(chips, moment)) if len(chips) > 2 and not without else [],
        nearby=list(_nearby(form, moment)),
        other_days=_on_other_days(form.criteria, moment, user),
    )


def _without_one(chips: Iterable[Chip], moment: Moment) -> Iterator[Alternative]:
    return _that_find(((chip.label, chip.url) for chip in chips), moment)


def _alone(chips: Iterable[Chip], moment: Moment) -> Iterator[Alternative]:
    return _that_find(((chip.label, chip.url_alone) for chip in chips), moment)


def _that_find(addresses: Iterable[tuple[str, str]], moment: Moment) -> Iterator[Alternative]:
    for label, url in addresses:
        other = EventFilterForm.of_address(url)
        if other.is_valid() and (total := Search(other.criteria, moment).total()).number:
            yield Alternative(label, url, total)


def _on_other_days(criteria: Criteria, moment: Moment, user: Any) -> list[Event]:
    """The next ones after the days that are asked for, and else the last ones before."""
    if not criteria.dates:
        return []
    last = max((last or dt.date.max for _first, last in criteria.dates))
    anytime = replace(criteria, dates=(), sort=Sort.SOON)
    later = replace(anytime, dates=((last, None),))
    for criteria in (later, anytime):
        if rows := Search(criteria, moment).page(size=MOST_OTHER_DAYS).rows:
            return load_cards((row["event_id"] for row in rows), user)
    return []


def _nearby(form: EventFilterForm, moment: Moment) -> Iterator[Alternative]:
    here: CityName | None = form.cleaned_data["city"]
    if here is None or here.position is None:
        return
    anywhere = Search(replace(form.criteria.without("city"), near=None), moment)
    totals = dict(totals_by_city(anywhere))
    around = [
        city
        for pk, city in cities_by_id(totals).items()
        if pk != here.pk and city.position and kilometres(here.position, city.position) < NEARBY_KM
    ]
    for city in nlargest(MOST_NEARBY, around, key=lambda city: totals[city.pk]):
        yield Alternative(city.name, query_with(form.query, city=city.slug), Total(totals[city.pk]))
