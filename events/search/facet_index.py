"""Which listings have what, as bitmaps of event ids, so that a large site counts the choices of its
filters without looking at its listings.
"""

import datetime as dt
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache, partial

from pyroaring import BitMap

from events.search.criteria import Criteria, DateRange, Sort

# Ranges of days and prices that are put together once: what each page counts, and more. These hold
# no index, so that one goes with the last that use it.
MOST_KEPT = 16


class Prices:
    """Which events have which price. ``by_price`` is in the order of the prices."""

    def __init__(self, by_price: Mapping[Decimal, BitMap]) -> None:
        self._prices = list(by_price)
        self._bitmaps = list(by_price.values())
        self.at_most = lru_cache(MOST_KEPT)(partial(_at_most, self._prices, self._bitmaps))

    def at_least(self, price: Decimal) -> BitMap:
        return BitMap.union(BitMap(), *self._bitmaps[bisect_left(self._prices, price) :])


def _at_most(prices: Sequence[Decimal], bitmaps: Sequence[BitMap], price: Decimal) -> BitMap:
    return BitMap.union(BitMap(), *bitmaps[: bisect_right(prices, price)])


@dataclass(frozen=True)
class FacetIndex:
    """``days`` are those on which an event runs, for a year and more from when it was built, and
    ``later`` are those that run after them. ``orders`` have all, in their order.
    """

    built_at: dt.datetime
    everything: BitMap
    tags: Mapping[str, BitMap]
    days: Mapping[dt.date, BitMap]
    later: BitMap
    available: BitMap
    lowest: Prices
    highest: Prices
    orders: "Mapping[Sort, array[int]]"

    def beginning_on(self, day: dt.date) -> Sequence[int]:
        """The soonest first."""
        if day not in self._beginning:
            before = self.days.get(day - dt.timedelta(days=1), BitMap())
            begin = self.days.get(day, BitMap()) - before
            self._beginning[day] = array("I", sorted(begin & self._ordered, key=self._position))
        return self._beginning[day]

    def _position(self, event_id: int) -> int:
        return self._positions[self._ordered.rank(event_id) - 1]

    @cached_property
    def _beginning(self) -> "dict[dt.date, array[int]]":
        """Of the days that someone has asked for."""
        return {}

    @cached_property
    def _ordered(self) -> BitMap:
        return BitMap(self.orders[Sort.SOON])

    @cached_property
    def _positions(self) -> "array[int]":
        """Where events are, the soonest first, by their ids from the lowest to the highest."""
        soonest = self.orders[Sort.SOON]
        return array("I", sorted(range(len(soonest)), key=soonest.__getitem__))

    def chosen(self, criteria: Criteria, dimension: str) -> BitMap:
        """Those with what is asked for in one dimension."""
        match dimension:
            case "dates":
                return BitMap.intersection(*map(self.on_dates, criteria.dates))
            case "price":
                return self._priced(criteria.min_price, criteria.max_price)
            case "available":
                return self.available
        groups = criteria.tags_by_dimension()
        return BitMap.intersection(
            *(
                BitMap.union(*map(self.having, tags))
                for group, tags in groups.items()
                if group.partition(":")[0] == dimension
            )
        )

    @cached_property
    def by_dimension(self) -> Mapping[str, list[tuple[str, BitMap, int]]]:
        """Tags, who has them, and how many that are, the most frequent first."""
        groups: dict[str, list[tuple[str, BitMap, int]]] = {}
        for tag, bitmap in sorted(self.tags.items(), key=lambda item: -len(item[1])):
            groups.setdefault(tag.partition(":")[0], []).append((tag, bitmap, len(bitmap)))
        return groups

    def having(self, tag: str) -> BitMap:
        return self.tags.get(tag, BitMap())

    def knows(self, dates: DateRange) -> bool:
        """Whether what runs on the days is known exactly: a year ahead, they are."""
        first, last = dates
        return (last or first or dt.date.min) <= max(self.days, default=dt.date.min)

    @cached_property
    def on_dates(self) -> Callable[[DateRange], BitMap]:
        """What is running on one of the days or, of days later than those that are known, on any
        such.
        """
        return lru_cache(MOST_KEPT)(partial(_on_dates, self.days, self.later))

    def _priced(self, lowest: Decimal | None, highest: Decimal | None) -> BitMap:
        found = self.everything
        if lowest is not None:
            found = found & self.highest.at_least(lowest)
        if highest is not None:
            found = found & self.lowest.at_most(highest)
        return found


def _on_dates(days: Mapping[dt.date, BitMap], later: BitMap, dates: DateRange) -> BitMap:
    first, last = dates
    on = [
        bitmap
        for day, bitmap in days.items()
        if (first is None or day >= first) and (last is None or day <= last)
    ]
    if last is None or last > max(days, default=dt.date.max):
        on.append(later)
    return BitMap.union(BitMap(), *on)
