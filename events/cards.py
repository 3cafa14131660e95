"""The events that a page shows as cards."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet, Value
from django.utils import timezone

from eventmate.kept_queries import IsOneOf, KeptQuery, Parameter
from events.models import Event, Listing
from events.offered import load_offered

MOST_SIMILAR = 4

# What templatetags/cards.py asks of an event.
COLUMNS = (
    *("title", "slug", "category__slug", "venue", "city__name", "is_online", "status"),
    *("starts_at", "ends_at", "timezone", "is_all_day", "is_scheduled", "allows_pay_at_door"),
)


def cards_for(user: Any) -> QuerySet[Event]:
    """With all that a card shows, but for ticket types (load_offered)."""
    events = Event.objects.published().for_listing(user)
    return events.prefetch_related(None).only(*COLUMNS)


def _cards_by_id(user: Any) -> QuerySet[Event]:
    return cards_for(user).filter(IsOneOf(F("pk"), Parameter("ids")))


CARDS = KeptQuery(partial(_cards_by_id, AnonymousUser()))
CARDS_OF_MEMBER = KeptQuery(partial(_cards_by_id, Parameter("member")))


def load_cards(event_ids: Iterable[int], user: Any) -> list[Event]:
    """In the order of the ids, with all that a card shows, in two queries. What is not public any
    more since it was listed is left out.
    """
    ids = list(event_ids)
    if not ids:
        return []
    if user.is_authenticated:
        rows = CARDS_OF_MEMBER.rows(ids=ids, member=user.pk)
    else:
        rows = CARDS.rows(ids=ids)
    load_offered(rows)
    events = {event.pk: event for event in rows}
    return [events[pk] for pk in ids if pk in events]


def load_similar(event: Event, user: Any) -> list[Event]:
    """Others of its category, those in its city first, the soonest first."""
    similar = SIMILAR[event.city_id is not None, event.series_id is not None].rows(
        event=event.pk,
        category=event.category_id,
        city=event.city_id,
        tags=[f"category:{event.category_id}", f"city:{event.city_id}"],
        series=event.series_id,
        host=event.host_id,
        now=timezone.now(),
    )
    nearest = sorted(similar)[:MOST_SIMILAR]
    return load_cards((pk for _place, _starts_at, pk in nearest), user)


def _similar(*, has_city: bool, has_series: bool) -> QuerySet[Any, Any]:
    others = (
        Listing.objects.filter(category_id=Parameter("category"), ends_at__gt=Parameter("now"))
        .exclude(pk=Parameter("event"))
        .order_by("starts_at", "event_id")
    )
    if has_series:
        dates = Event.objects.filter(series_id=Parameter("series"), host_id=Parameter("host"))
        others = others.exclude(pk__in=dates.order_by().values("pk"))
    is_here = Q(city_id=Parameter("city")) if has_city else Q(city_id__isnull=True)
    # Of a city with few such events, the index of tags knows them: to walk all that is ahead until
    # there are enough takes the longer the more there is.
    in_city = (
        others.filter(tags__contains=Parameter("tags")) if has_city else others.filter(is_here)
    )
    here, elsewhere = (
        some.values_list(Value(place), "starts_at", "pk")[:MOST_SIMILAR]
        for place, some in enumerate((in_city, others.exclude(is_here)))
    )
    return here.union(elsewhere, all=True)


SIMILAR: dict[tuple[bool, bool], KeptQuery[Any]] = {
    (has_city, has_series): KeptQuery(partial(_similar, has_city=has_city, has_series=has_series))
    for has_city in (False, True)
    for has_series in (False, True)
}
