"""Answering a search: a page of events in order, how many there are, and the choices."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from pyroaring import BitMap

from eventmate.kept_queries import IsOneOf
from events.listings import ListingQuerySet, latest_start_of_long, planned_for
from events.models import Listing
from events.search.candidates import Candidates, Stretch, nearest, next_in_order
from events.search.criteria import Criteria, Sort
from events.search.facet_store import facet_index
from events.search.facets import Counts, count_choices, count_choices_by, matches_by
from events.search.kept import Kept, kept_indexes
from events.search.orders import (
    COLUMNS,
    PAGE_SIZE,
    Keys,
    Slice,
    first_of,
    first_slice,
    slice_of,
)
from events.search.ranking import MOST_RANKED, best_rows, with_score
from events.search.word_finding import WordFinder
from events.search.words import NO_WORDS

# More are not counted.
MOST_EXACT = 1000
# Of no more, PostgreSQL looks at all to order them.
FEW = 300


@dataclass(frozen=True, slots=True)
class Total:
    """How many match, exactly up to a thousand."""

    number: int

    @property
    def is_exact(self) -> bool:
        return self.number <= MOST_EXACT

    def __str__(self) -> str:
        return f"{self.number:,}" if self.is_exact else f"{MOST_EXACT:,}+"


@dataclass(frozen=True)
class Moment:
    """When a search is made: relative days and what is over depend on it. ``today`` is by the
    visitor's clock. Searches of the same moment share what they have found out.
    """

    at: dt.datetime
    today: dt.date

    @cached_property
    def kept(self) -> Kept | None:
        return kept_indexes(self.at)

    @cached_property
    def words(self) -> WordFinder:
        return WordFinder(self.at, self.kept)


def sort_of(criteria: Criteria) -> Sort:
    """The order asked for, or the next best where there is nothing to order by."""
    if criteria.sort is Sort.RELEVANCE and not criteria.words:
        return Sort.SOON
    if criteria.sort is Sort.DISTANCE and not criteria.near:
        return Sort.SOON
    return criteria.sort


class Search:
    """One search at one moment. What several of its answers need is asked for once.

    ``word_by_word``: see WordFinder.find.
    """

    def __init__(self, criteria: Criteria, moment: Moment, *, word_by_word: bool = False) -> None:
        self.criteria = criteria
        self.moment = moment
        self.index = moment.kept.facets if moment.kept else facet_index()
        self._word_by_word = word_by_word

    @cached_property
    def listings(self) -> ListingQuerySet:
        """What matches, by its rows. Most answers come from the indexes that are kept."""
        return Listing.objects.matching(self.criteria, at=self.moment.at)

    def page(self, *, after: str = "", before: str = "", size: int = PAGE_SIZE) -> Slice:
        """The rows of one page, PAGE_SIZE at most. ``after`` and ``before`` are Keys of another
        page, as text.

        Raises BadCursor.
        """
        columns = COLUMNS[sort_of(self.criteria)]
        start, end = (Keys.parse(columns, text) if text else None for text in (after, before))
        cut = partial(slice_of, columns=columns, size=size, after=start, before=end)
        if self.moment.kept:
            candidates = self._candidates(self.moment.kept, Stretch(start, end, 2 * size))
            ids = candidates.ids
            page = cut(self._in_order(ids)) if start or end else self._first_of(ids, size)
            if candidates.are_all or (page.previous if before else page.following):
                return page
        with planned_for(self.criteria):
            return cut(self._in_order(), stretches=stretches_of(self.criteria))

    def has_any(self) -> bool:
        """Whether anything matches."""
        if self.moment.kept:
            return bool(self.known)
        with planned_for(self.criteria):
            return self.listings.exists()

    def total(self) -> Total:
        if self.moment.kept:
            return Total(len(self.known))
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
    def known(self) -> BitMap:
        """What matches. Of a site on which very much has just changed, as it was before."""
        if self.index is None:
            with planned_for(self.criteria):
                return self.listings.bitmap()
        matching = self._worded & matches_by(self.index, self.criteria)
        if not all(map(self.index.knows, self.criteria.dates)):
            matching = self._with_ids(matching).bitmap()
        kept = self.moment.kept
        if kept is None:
            return matching
        matching -= kept.outdated
        changed = kept.changed & self._worded
        return matching | self._matching_of(changed, kept) if changed else matching

    def _matching_of(self, changed: BitMap, kept: Kept) -> BitMap:
        if kept.read is None:
            return self._with_ids(changed).bitmap()
        criteria, at = self.criteria, self.moment.at
        return BitMap(
            listing.event_id
            for listing in kept.read
            if listing.event_id in changed and listing.has_choices(criteria, at=at)
        )

    @cached_property
    def _worded(self) -> BitMap:
        """What matches but for the choices, which the bitmaps of a large site know."""
        if self.index and self.criteria.has_only_choices():
            kept = self.moment.kept
            return kept.facets.everything | kept.changed if kept else self.index.everything
        return self.moment.words.find(self.criteria, word_by_word=self._word_by_word)

    def _candidates(self, kept: Kept, stretch: Stretch) -> Candidates:
        sort = sort_of(self.criteria)
        if sort is Sort.RELEVANCE:
            soonest = next_in_order(kept.facets, Sort.SOON, self.known, Stretch(number=MOST_RANKED))
            return Candidates(soonest.ids | (kept.changed & self.known), are_all=True)
        if len(self.known) <= FEW:
            return Candidates(self.known, are_all=True)
        row = stretch.end or stretch.start
        if row and row.values[-1] in kept.outdated:
            return Candidates(BitMap(), are_all=False)  # It was elsewhere in the order.
        if sort is Sort.DISTANCE and self.criteria.near:
            distances = self.moment.words.distances(self.criteria.near)
            found = nearest(kept.facets, distances, self.known, stretch)
        else:
            found = next_in_order(kept.facets, sort, self.known, stretch)
        return replace(found, ids=found.ids | (kept.changed & self.known))

    def _first_of(self, ids: BitMap, size: int) -> Slice:
        """Of events that match by what is known. PostgreSQL looks at them once more where a row
        shows its distance, or has begun or ceased to be on sale without having been changed.
        """
        if not ids:
            return Slice([])
        sort, criteria = sort_of(self.criteria), self.criteria
        if criteria.near or criteria.is_available:
            return slice_of(self._in_order(ids), COLUMNS[sort], size=size)
        if sort is Sort.RELEVANCE:
            best = best_rows(list(ids), criteria.words, at=self.moment.at)
            return first_slice(best, sort, size=size)
        return first_slice(first_of(list(ids), sort), sort, size=size)

    def _in_order(self, ids: BitMap | None = None) -> ListingQuerySet:
        """What matches, of these ids, with what it is ordered by."""
        if sort_of(self.criteria) is not Sort.RELEVANCE:
            return self.listings if ids is None else self._with_ids(ids)
        soonest = self.listings.order_by("starts_at", "event_id").values("pk")[:MOST_RANKED]
        listings = self._with_ids(soonest if ids is None else ids)
        return with_score(listings, self.criteria.words, at=self.moment.at)

    def _with_ids(self, ids: "BitMap | QuerySet[Any]") -> ListingQuerySet:
        """Of those that have the words, what matches."""
        criteria = replace(self.criteria, words=NO_WORDS, place=NO_WORDS)
        listings = Listing.objects.matching(criteria, at=self.moment.at)
        if isinstance(ids, QuerySet):
            return listings.filter(pk__in=ids)
        # As one parameter: of hundreds, each takes its time on the way to PostgreSQL.
        return listings.filter(IsOneOf(F("pk"), Value(list(ids)))) if ids else listings.none()


def stretches_of(criteria: Criteria) -> Sequence[Q]:
    """Of days ahead, the few that have begun long before, and then the others, so that the walk
    does not begin today.
    """
    firsts = [first for first, _last in criteria.dates if first is not None]
    if not firsts or sort_of(criteria) is not Sort.SOON:
        return [Q()]
    begun = latest_start_of_long(max(firsts))
    return [Q(starts_at__lte=begun, is_long=True), Q(starts_at__gt=begun)]
