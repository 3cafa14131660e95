"""Which events a page of very many is cut from, by what a worker knows: PostgreSQL looks at these
few, and orders them as they are now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from pyroaring import BitMap

from events.search.criteria import Sort
from events.search.facet_index import FacetIndex
from events.search.orders import Keys

# Kilometres within which two distances are the same: known ones are rounded.
SAME = 0.01


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many after ``start``, or before ``end``."""

    start: Keys | None = None
    end: Keys | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Candidates:
    """``are_all`` says that there are no others on this side of the list."""

    ids: BitMap
    are_all: bool


def next_in_order(facets: FacetIndex, sort: Sort, among: BitMap, stretch: Stretch) -> Candidates:
    """By an order that all listings are known in. None, and not all, where the event that it would
    go on from is not known.
    """
    order = facets.orders[sort]
    row = stretch.end or stretch.start
    place = 0
    if row:
        if row.values[-1] not in facets.everything:
            return Candidates(BitMap(), are_all=False)
        place = order.index(row.values[-1])
    ids: Iterable[int] = order[:place][::-1] if stretch.end else order[place:]
    found = BitMap(islice((event_id for event_id in ids if event_id in among), stretch.number))
    return Candidates(found, are_all=len(found) < stretch.number)


def nearest(
    facets: FacetIndex, distances: Mapping[int, float], among: BitMap, stretch: Stretch
) -> Candidates:
    """By distance, and what is as far away by time. Not backwards."""
    if stretch.end:
        return Candidates(BitMap(), are_all=False)
    beyond = stretch.start.values[0] - SAME if stretch.start else 0.0
    known = sorted(
        (distances[event_id], event_id)
        for event_id in among
        if distances.get(event_id, -1.0) >= beyond
    )
    if len(known) <= stretch.number:
        return Candidates(BitMap([event_id for _far, event_id in known]), are_all=True)
    last = known[stretch.number][0]
    as_far = BitMap([event_id for far, event_id in known if abs(far - last) <= SAME])
    nearer = BitMap([event_id for _far, event_id in known[: stretch.number]]) - as_far
    is_begun = stretch.start is not None and stretch.start.values[-1] in as_far
    then = replace(stretch, start=stretch.start if is_begun else None)
    first = next_in_order(facets, Sort.SOON, as_far, then)
    return Candidates(nearer | first.ids, are_all=False)
