"""Listings that have changed since the bitmaps were built. They are few, and mostly the same ones
for many searches: a web worker reads them once, and not again until one of them changes.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from events.listings import ListingQuerySet
from events.models import Listing
from events.search.criteria import Criteria

# Of more, PostgreSQL is asked which of them match.
MOST_READ = 50


@dataclass(frozen=True, slots=True)
class ChangedListing:
    event_id: int
    ends_at: dt.datetime
    tags: frozenset[str]
    start_date: dt.date
    end_date: dt.date
    lowest_price: Decimal | None
    highest_price: Decimal | None
    available_from: dt.datetime | None
    available_until: dt.datetime | None

    def has_choices(self, criteria: Criteria, *, at: dt.datetime) -> bool:
        """As ListingQuerySet.matching finds it, but for words, a place and what is near."""
        return (
            self.ends_at > at
            and not any(map(self.tags.isdisjoint, criteria.tags_by_dimension().values()))
            and all(self._runs(first, last) for first, last in criteria.dates)
            and self._has_price(criteria.min_price, criteria.max_price)
            and not (criteria.is_available and not self._is_available(at))
        )

    def _runs(self, first: dt.date | None, last: dt.date | None) -> bool:
        return (last is None or self.start_date <= last) and (
            first is None or self.end_date >= first
        )

    def _has_price(self, lowest: Decimal | None, highest: Decimal | None) -> bool:
        is_enough = lowest is None or (
            self.highest_price is not None and self.highest_price >= lowest
        )
        return is_enough and (
            highest is None or (self.lowest_price is not None and self.lowest_price <= highest)
        )

    def _is_available(self, at: dt.datetime) -> bool:
        return (
            self.available_from is not None
            and self.available_until is not None
            and self.available_from <= at < self.available_until
        )


class LastRead:
    """Those that were read last."""

    def __init__(self) -> None:
        self._versions: Mapping[int, dt.datetime] = {}
        self._listings: Sequence[ChangedListing] = ()

    def of(self, versions: Mapping[int, dt.datetime]) -> Sequence[ChangedListing] | None:
        """The listings with these ids, which changed then; None where they are too many."""
        if len(versions) > MOST_READ:
            return None
        if versions != self._versions:
            self._listings = read(Listing.objects.filter(pk__in=list(versions)))
            self._versions = versions
        return self._listings


def read(listings: ListingQuerySet) -> Sequence[ChangedListing]:
    columns = ("event_id", "ends_at", "tags", "start_date", "end_date")
    numbers = ("lowest_price", "highest_price", "available_from", "available_until")
    return [
        ChangedListing(event_id, ends_at, frozenset(tags), *others)
        for event_id, ends_at, tags, *others in listings.values_list(*columns, *numbers)
    ]
