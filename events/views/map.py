"""A search as a map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings

from events.forms.choices import query_with
from events.forms.filters import EventFilterForm
from events.models import Event
from events.search.finding import MOST_EXACT, Search
from events.search.map_points import CitySpot, Spot, spots_of
from events.templatetags.events import place

# Of the events in one place, those that its marker names.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Map:
    """``points`` are for the script that draws them, which writes a total above ``most_exact`` as
    every page does.
    """

    points: list[dict[str, Any]]
    has_cities: bool
    most_exact: int
    tile_url: str
    attribution: str


def map_of(form: EventFilterForm, search: Search) -> Map:
    spots = spots_of(search)
    has_cities = bool(spots) and isinstance(spots[0], CitySpot)
    points = (
        [_city_point(form, spot) for spot in cast("Sequence[CitySpot]", spots)]
        if has_cities
        else _event_points(cast("Sequence[Spot]", spots))
    )
    return Map(points, has_cities, MOST_EXACT, settings.MAP_TILE_URL, settings.MAP_TILE_ATTRIBUTION)


def _city_point(form: EventFilterForm, spot: CitySpot) -> dict[str, Any]:
    return {
        "position": [spot.city.latitude, spot.city.longitude],
        "total": spot.total,
        "title": spot.city.name,
        "url": query_with(form.query, city=spot.city.slug),
        "events": [],
    }


def _event_points(spots: Sequence[Spot]) -> list[dict[str, Any]]:
    events = _load_events(pk for spot in spots for pk in spot.event_ids[:MOST_NAMED])
    return [
        _event_point(spot, [events[pk] for pk in spot.event_ids if pk in events]) for spot in spots
    ]


def _load_events(pks: Iterable[int]) -> dict[int, Event]:
    events = Event.objects.published().select_related("city")
    return events.only(
        *("title", "slug", "starts_at", "ends_at", "timezone", "is_all_day", "is_online"),
        *("venue", "city__name"),
    ).in_bulk(list(pks))


def _event_point(spot: Spot, events: Sequence[Event]) -> dict[str, Any]:
    return {
        "position": [spot.latitude, spot.longitude],
        "total": len(spot.event_ids),
        "title": place(events[0]) if events else "",
        "url": "",
        "events": [
            {
                "title": event.title,
                "url": event.get_absolute_url(),
                "when": event.schedule.dates,
            }
            for event in events
        ],
    }
