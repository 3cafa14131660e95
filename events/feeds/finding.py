import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.db.models import F

from events.models import Event, EventStatus, Listing, ListingSource
from events.search.criteria import Criteria

MOST_IN_CALENDAR = 500
MOST_NEWS = 100
# A calendar that is fetched less often than that misses that an event was cancelled: it is gone.
SHOWN_CANCELLED = dt.timedelta(days=30)
MOST_CANCELLED = 100


def soonest(criteria: Criteria, *, at: dt.datetime) -> list[Event]:
    """What matches, as calendars show it, in order; with those that matched until they were
    cancelled lately.
    """
    listings = Listing.objects.matching(criteria, at=at).order_by("starts_at", "event_id")
    ids = list(listings.values_list("event_id", flat=True)[:MOST_IN_CALENDAR])
    ids += _cancelled(criteria, at=at)
    events = Event.objects.filter(pk__in=ids).select_related("city").defer("description")
    return list(events.order_by("starts_at", "pk"))


def newest(criteria: Criteria, *, at: dt.datetime) -> list[Event]:
    """What matches, with all that a card shows and the host; what was listed last comes first."""
    listings = Listing.objects.matching(criteria, at=at).order_by("-listed_at", "-event_id")
    ids = list(listings.values_list("event_id", flat=True)[:MOST_NEWS])
    events = Event.objects.filter(pk__in=ids).for_listing(AnonymousUser()).select_related("host")
    return list(
        events.annotate(listed_at=F("listing__listed_at")).order_by("-listing__listed_at", "-pk")
    )


def _cancelled(criteria: Criteria, *, at: dt.datetime) -> list[int]:
    since = at - SHOWN_CANCELLED
    cancelled = Event.objects.filter(
        # The index is on these two.
        is_active=False,
        start_date__gte=since.date(),
        status=EventStatus.CANCELLED,
        ends_at__gt=at,
        updated_at__gte=since,
    ).order_by("-updated_at")
    ids = list(cancelled.values_list("pk", flat=True)[:MOST_CANCELLED])
    if not ids:
        return []
    matching = ListingSource.objects.filter(event__in=ids).matching(criteria, at=at)
    return list(matching.values_list("event_id", flat=True))
