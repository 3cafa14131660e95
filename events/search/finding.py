"""Answering a search: a page of events in order, how many there are, and the choices."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models import Q
from pyroaring import BitMap

from events.listings import ListingQuerySet, latest_start_of_long, planned_for
from events.models import Listing
from events.search.criteria import Criteria, Sort
from events.search.facet_store import facet_index
from events.search.facets import Counts, count_choices, count_choices_by, matches_by
from events.search.orders import COLUMNS, Keys, Slice, slice_of
from events.search.ranking import MOST_RANKED, with_score
from events.search.word_index import KeptWords, kept_words
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
    visitor's clock. ``found`` is what words have found, for other searches with the same ones.
    """

    at: dt.datetime
    today: dt.date
    found: dict[Criteria, BitMap] = field(default_factory=dict, compare=False, repr=False)


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
        with planned_for(self.criteria):
            listings = self._matches
            match sort_of(self.criteria):
                case Sort.RELEVANCE:
                    listings = with_score(self._soonest(), self.criteria.words, at=self.moment.at)
                case Sort.SOON if self._is_found and not (after or before):
                    listings = self._soonest()
            return slice_of(
                listings,
                columns,
                size=size,
                after=keys[0],
                before=keys[1],
                stretches=stretches_of(self.criteria),
            )

    def has_any(self) -> bool:
        """Whether anything matches."""
        if self._frequent is not None:
            return bool(self.known)
        with planned_for(self.criteria):
            return self.listings.exists()

    def total(self) -> Total:
        if self.index and len(self.known) > MOST_EXACT:
            return Total(len(self.known))
        with planned_for(self.criteria):
            return Total(self._matches.order_by()[: MOST_EXACT + 1].count())

    def choices(self) -> Counts:
        """See facets.py."""
        at, today = self.moment.at, self.moment.today
        if self.index:
            return count_choices_by(self.index, self._worded, self.criteria, today=today)
        with planned_for(self.criteria):
            return count_choices(Listing.objects.all(), self.criteria, at=at, today=today)

    @cached_property
    def known(self) -> BitMap:
        """What matches; on a large site, but for what has changed in the last minutes."""
        if self.index:
            return self._worded & matches_by(self.index, self.criteria)
        with planned_for(self.criteria):
            return self.listings.bitmap()

    @cached_property
    def _worded(self) -> BitMap:
        """What matches but for the choices, which the bitmaps of a large site know."""
        if self.index and self.criteria.has_only_choices():
            return self.index.everything
        if self._words_alone not in self.moment.found:
            self.moment.found[self._words_alone] = self._find_words()
        return self.moment.found[self._words_alone]

    def _find_words(self) -> BitMap:
        if self._frequent is not None:
            return self._frequent
        words = self.criteria.words
        begun = self._kept.index.beginning(words) if self._kept else {}
        # What has those is known: the index need not read it.
        rarer = replace(words, excluded=(*words.excluded, *begun))
        with planned_for(self.criteria):
            others = Listing.objects.matching(
                replace(self._words_alone, words=rarer), at=self.moment.at
            ).bitmap()
        return others | self._up_to_date(BitMap.union(*begun.values())) if begun else others

    @property
    def _words_alone(self) -> Criteria:
        return replace(self.criteria.without_choices(), sort=Sort.SOON)

    @cached_property
    def _frequent(self) -> BitMap | None:
        """By bitmaps, where nothing is asked for besides choices but words that very many have."""
        found = self._kept.index.having(self.criteria.words) if self._kept else None
        return None if found is None else self._up_to_date(found)

    @cached_property
    def _kept(self) -> KeptWords | None:
        """The bitmaps of words, where these are all that is asked for besides choices."""
        if self.index is None or self.criteria.place or self.criteria.near:
            return None
        return kept_words()

    def _up_to_date(self, found: BitMap) -> BitMap:
        """What the bitmaps of words have, but for what is gone, and with what is new."""
        newer = self._kept.newer if self._kept else []
        new = self._but_for_choices().filter(pk__in=newer).bitmap()
        return (found & self.index.everything if self.index else found) | new

    def _but_for_choices(self) -> ListingQuerySet:
        return Listing.objects.matching(self._words_alone, at=self.moment.at)

    @property
    def _new(self) -> BitMap:
        """What has the words and is newer than the index."""
        return self._worded - self.index.everything if self.index else BitMap()

    def _soonest(self) -> ListingQuerySet:
        """All that match or, of very many, the soonest."""
        if self.index is None:
            soonest = self.listings.order_by("starts_at", "event_id").values("pk")
            return self._but_for_words().filter(pk__in=soonest[:MOST_RANKED])
        return self._with_ids([*self.index.soonest(self.known, MOST_RANKED), *self._new])

    @cached_property
    def _matches(self) -> ListingQuerySet:
        """What matches. What was found already is looked up by its ids, where that is not much."""
        if self._is_found and len(self.known) <= MOST_EXACT:
            return self._with_ids([*self.known, *self._new])
        return self.listings

    @property
    def _is_found(self) -> bool:
        """Whether what has the words, or is at a place, is asked for anyway, to count choices."""
        return self.index is not None and not self.criteria.has_only_choices()

    def _with_ids(self, ids: Sequence[int]) -> ListingQuerySet:
        """Of those that have the words, what matches."""
        return self._but_for_words().filter(pk__in=ids)

    def _but_for_words(self) -> ListingQuerySet:
        criteria = replace(self.criteria, words=NO_WORDS, place=NO_WORDS)
        return Listing.objects.matching(criteria, at=self.moment.at)


def stretches_of(criteria: Criteria) -> Sequence[Q]:
    """Of days ahead, the few that have begun long before, and then the others, so that the walk
    does not begin today.
    """
    firsts = [first for first, _last in criteria.dates if first is not None]
    if not firsts or sort_of(criteria) is not Sort.SOON:
        return [Q()]
    begun = latest_start_of_long(max(firsts))
    return [Q(starts_at__lte=begun, is_long=True), Q(starts_at__gt=begun)]
