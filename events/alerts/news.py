"""What a saved search finds that its owner has not been told."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from events.days import When, days_of
from events.forms.addresses import parse_search
from events.models import Listing, SavedSearch

MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class News:
    """``event_ids`` are the soonest, up to MOST_TOLD; ``total`` is how many there are."""

    event_ids: list[int]
    total: int


def news_of(search: SavedSearch, *, until: dt.datetime, now: dt.datetime) -> News | None:
    """What was listed from ``told_until`` to before ``until``, or lies on days that the search has
    reached since it was last looked at; None if nothing did.

    One that no longer works, as where its city is gone, finds nothing. "Today" is by its owner's
    clock.
    """
    # What was listed before that is all known, even where the horizon has moved back.
    until = max(until, search.told_until)
    with timezone.override(ZoneInfo(search.user.timezone)):
        form = parse_search(search.query)
        if not form.is_valid():
            return None
        found = (
            Listing.objects.matching(form.criteria, at=now)
            .filter(_is_new(search, form.cleaned_data["when"]), listed_at__lt=until)
            .order_by("starts_at", "event_id")
        )
    event_ids = list(found.values_list("event_id", flat=True)[: MOST_TOLD + 1])
    if not event_ids:
        return None
    total = found.count() if len(event_ids) > MOST_TOLD else len(event_ids)
    return News(event_ids[:MOST_TOLD], total)


def _is_new(search: SavedSearch, when: str) -> Q:
    is_new = Q(listed_at__gte=search.told_until)
    if not when:
        return is_new
    first, last = days_of(When(when), timezone.localdate(search.looked_at))
    if (first, last) == days_of(When(when), timezone.localdate()):
        return is_new
    return is_new | Q(start_date__gt=last) | Q(end_date__lt=first)
