"""Answering a search: a page of events in order, how many there are, and the choices."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Q
from pyroaring import BitMap

from events.listings import ListingQuerySet, latest_start_of_long, planned_for
from events.models import Listing
from events.search.criteria import Criteria, Sort
from events.search.facet_index import FacetIndex
from events.search.facet_store import facet_index
from events.search.facets import Counts, count_choices, count_choices_by, matches_by
from events.search.orders import COLUMNS, Keys, Slice, slice_of
from events.search.ranking import MOST_RANKED, with_score
from events.search.words import NO_WORDS

# More are not counted.
MOST_EXACT = 1000
PAGE_SIZE = 24


@dataclass(frozen=True, slots=True)
class Total:
    """How many match, exactly up to a thousand."""

    number: int

    @property
    def is_exact(self) -> bool:
        return self.number <= MOST_EXACT

    def __str__(self) -> str:
        return f"{self.number:,}" if self.is_exact else f"{MOST_EXACT:,}+"


@dataclass(frozen=True, slots=True)
class Moment:
    """When a search is made: relative days and what is over depend on it. ``today`` is by the
    visitor's clock.
    """

    at: dt.datetime
    today: dt.date


def sort_of(criteria: Criteria) -> Sort:
    """The order asked for, or the next best where there is nothing to order by."""
    if criteria.sort is Sort.RELEVANCE and not criteria.words:
        return Sort.SOON
    if criteria.sort is Sort.DISTANCE and not criteria.near:
        return Sort.SOON
    return criteria.sort


class Search:
    """One search at one moment. What several of its answers need is asked for once."""

    def __init__(self, criteria: Criteria, moment: Moment) -> None:
        self.criteria = criteria
        self.moment = moment
        self.index = facet_index()
        self.listings = Listing.objects.matching(criteria, at=moment.at)

    def page(self, *, after: str = "", before: str = "", size: int = PAGE_SIZE) -> Slice:
        """The rows of one page. ``after`` and ``before`` are Keys of another page, as text.

        Raises BadCursor.
        """
        columns = COLUMNS[sort_of(self.criteria)]
        keys = [Keys.parse(columns, text) if text else None for text in (after, before)]
        listings = self.listings
        with planned_for(self.criteria):
            if sort_of(self.criteria) is Sort.RELEVANCE:
                listings = with_score(self._ranked(), self.criteria.words, at=self.moment.at)
            return slice_of(
                listings,
                columns,
                size=size,
                after=keys[0],
                before=keys[1],
                stretches=stretches_of(self.criteria),
            )

    def total(self) -> Total:
        if self.index and (about := len(self.known(self.index))) > 2 * MOST_EXACT:
            return Total(about)
        with planned_for(self.criteria):
            return Total(self.listings.order_by()[: MOST_EXACT + 1].count())

    def choices(self) -> Counts:
        """See facets.py."""
        at, today = self.moment.at, self.moment.today
        if self.index:
            return count_choices_by(self.index, self._worded, self.criteria, today=today)
        with planned_for(self.criteria):
            return count_choices(Listing.objects.all(), self.criteria, at=at, today=today)

    @cached_property
    def _worded(self) -> BitMap:
        """What matches but for the choices, which the bitmaps of a large site know."""
        if self.index and self.criteria.has_only_choices():
            return self.index.everything
        others = Listing.objects.matching(self.criteria.without_choices(), at=self.moment.at)
        with planned_for(self.criteria):
            return others.bitmap()

    def known(self, index: FacetIndex) -> BitMap:
        """What matches, but for what has changed in the last minutes."""
        return self._worded & matches_by(index, self.criteria)

    def _ranked(self) -> ListingQuerySet:
        """Those to be ranked: all or, of very many, the soonest."""
        still = Listing.objects.matching(replace(self.criteria, words=NO_WORDS), at=self.moment.at)
        if self.index is None:
            soonest = self.listings.order_by("starts_at", "event_id").values("pk")
            return still.filter(pk__in=soonest[:MOST_RANKED])
        new = self._worded - self.index.everything
        ids = [*self.index.soonest(self.known(self.index), MOST_RANKED), *new]
        return still.filter(pk__in=ids)


def stretches_of(criteria: Criteria) -> Sequence[Q]:
    """Of days ahead, the few that have begun long before, and then the others, so that the walk
    does not begin today.
    """
    firsts = [first for first, _last in criteria.dates if first is not None]
    if not firsts or sort_of(criteria) is not Sort.SOON:
        return [Q()]
    begun = latest_start_of_long(max(firsts))
    return [Q(starts_at__lte=begun, is_long=True), Q(starts_at__gt=begun)]
