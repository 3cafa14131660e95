"""Where the events of a search are: one by one where few match, else by city."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count

from events.listings import ListingQuerySet, planned_for
from events.models import Listing
from events.search.finding import Search
from events.search.kept_names import cities_by_id
from events.search.names import CityName

MOST_POINTS = 300
# Fewer events than these, or in no more cities, are shown one by one.
FEW_EVENTS, FEW_CITIES = 60, 3
# Degrees to so many places are some metres: events of one house are in one place.
PLACES = 4


@dataclass(frozen=True, slots=True)
class Spot:
    """Of the events in one place, the soonest first."""

    latitude: float
    longitude: float
    event_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class CitySpot:
    city: CityName
    total: int


def spots_of(search: Search) -> Sequence[Spot] | Sequence[CitySpot]:
    """Those of all events that have a position or, where these are too many, the cities that have
    most of them.
    """
    if search.index and len(search.known) > MOST_POINTS:
        return _cities(search)
    columns = ("event_id", "latitude", "longitude", "city_id")
    with planned_for(search.criteria):
        rows = list(_soonest(search).values_list(*columns)[: MOST_POINTS + 1])
    cities = {city_id for *_position, city_id in rows}
    if len(rows) > MOST_POINTS or (len(rows) > FEW_EVENTS and len(cities) > FEW_CITIES):
        return _cities(search)
    by_place: dict[tuple[float, float], list[int]] = {}
    for event_id, latitude, longitude, _city_id in rows:
        place = round(latitude, PLACES), round(longitude, PLACES)
        by_place.setdefault(place, []).append(event_id)
    return [Spot(*place, event_ids) for place, event_ids in by_place.items()]


def _soonest(search: Search) -> ListingQuerySet:
    listings = search.listings
    if search.index:
        found = search.known
        listings = Listing.objects.filter(pk__in=list(found), ends_at__gt=search.moment.at)
    return listings.filter(latitude__isnull=False).order_by("starts_at", "event_id")


def _cities(search: Search) -> Sequence[CitySpot]:
    totals = dict(totals_by_city(search))
    spots = [
        CitySpot(city, totals[pk])
        for pk, city in cities_by_id(totals).items()
        if city.latitude is not None
    ]
    return sorted(spots, key=lambda spot: -spot.total)[:MOST_POINTS]


def totals_by_city(search: Search) -> Iterator[tuple[int, int]]:
    """How many there are in cities that have any, by id."""
    if search.index:
        matching = search.known
        for tag, bitmap, _size in search.index.by_dimension.get("city", ()):
            if total := matching.intersection_cardinality(bitmap):
                yield int(tag.removeprefix("city:")), total
        return
    listings = search.listings.filter(city_id__isnull=False).order_by()
    totals = listings.values("city_id").annotate(total=Count("pk"))
    with planned_for(search.criteria):
        yield from list(totals.values_list("city_id", "total"))
