"""Which listings have words, or are at a place or near one: by bitmaps where very many are, and
else by PostgreSQL.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from operator import and_
from typing import Any

from django.db.models import F
from pyroaring import BitMap

from eventmate.kept_queries import Fragment, KeptQuery, Parameter
from events.listings import bitmap_of, planned_for
from events.models import Listing
from events.search.criteria import Criteria, Near, Sort
from events.search.kept import Kept
from events.search.tsquery import (
    MOST_JOINED,
    SHORTEST_PREFIX,
    HasWords,
    query_of,
    query_of_place,
)
from events.search.vocabulary_store import vocabulary
from events.search.word_index import is_plain
from events.search.words import Words

JOINED: KeptQuery[Any] = KeptQuery(
    lambda: Listing.objects.filter(
        HasWords(F("document"), Fragment("words")), ends_at__gt=Parameter("at")
    ).joined_ids()
)


class WordFinder:
    """For the searches of one request. What was found is not looked for again."""

    def __init__(self, at: dt.datetime, kept: Kept | None) -> None:
        self._at = at
        self._kept = kept
        self._found: dict[Criteria, BitMap] = {}
        self._distances: dict[Near, Mapping[int, float]] = {}

    def find(self, criteria: Criteria, *, word_by_word: bool = False) -> BitMap:
        """What matches but for the choices. ``word_by_word`` takes less where many searches with
        some of the same words are tried.
        """
        asked = replace(criteria.without_choices(), sort=Sort.SOON)
        if asked not in self._found:
            self._found[asked] = self._find(asked, word_by_word=word_by_word)
        return self._found[asked]

    def distances(self, near: Near) -> Mapping[int, float]:
        """Of what is near, by id: kilometres, to some metres."""
        if near not in self._distances:
            listings = Listing.objects.matching(Criteria(near=near), at=self._at)
            self._distances[near] = listings.distances()
        return self._distances[near]

    def _find(self, asked: Criteria, *, word_by_word: bool) -> BitMap:
        if self._kept is None:
            return self._ask(asked)
        found = []
        if asked.near:
            found.append(BitMap(self.distances(asked.near)))
        if asked.place:
            found.append(self._at_place(asked.place, self._kept))
        if asked.words:
            found.append(self._with_words(asked.words, self._kept, word_by_word=word_by_word))
        return BitMap.intersection(*found)

    def _with_words(self, words: Words, kept: Kept, *, word_by_word: bool) -> BitMap:
        asked = Criteria(words=words)
        if not is_plain(words):
            return self._ask(asked)
        if kept.words and (frequent := kept.words.having(words)) is not None:
            return self._up_to_date(frequent, asked, kept)
        if len(words.words) > 1:
            return self._with_each(words) if word_by_word else self._ask(asked)
        begun = kept.words.beginning(words) if kept.words else {}
        rarer = Criteria(words=replace(words, excluded=tuple(begun)))
        return self._begun(begun, asked, rarer, kept)

    def _with_each(self, words: Words) -> BitMap:
        """As listings.query_of asks for them together."""
        each = [self.find(Criteria(words=_alone(words, n))) for n in range(len(words.words))]
        found = BitMap.intersection(*each)
        pairs = list(pairwise(words.words)) if len(each) <= MOST_JOINED else []
        for place, pair in enumerate(pairs):
            if not words.whole.issuperset(pair) and _is_known("".join(pair)):
                joined = self.find(Criteria(words=Words(("".join(pair),))))
                found |= BitMap.intersection(joined, *each[:place], *each[place + 2 :])
        return found

    def _at_place(self, place: Words, kept: Kept) -> BitMap:
        asked = Criteria(place=place)
        if not is_plain(place) or kept.words is None:
            return self._ask(asked)
        if len(place.words) > 1:
            return BitMap.intersection(
                *(self.find(Criteria(place=Words((word,)))) for word in place.words)
            )
        begun = kept.words.places_beginning(place.words[0])
        rarer = Criteria(place=replace(place, excluded=tuple(begun)))
        return self._begun(begun, asked, rarer, kept)

    def _begun(
        self, begun: Mapping[str, BitMap], asked: Criteria, rarer: Criteria, kept: Kept
    ) -> BitMap:
        """What has one of the frequent words that begin so is known: PostgreSQL need not read it,
        but only what has none of them.
        """
        if not begun:
            return self._ask(asked)
        known = BitMap.union(*begun.values())
        return self._ask(rarer) | self._up_to_date(known, asked, kept)

    def _up_to_date(self, found: BitMap, asked: Criteria, kept: Kept) -> BitMap:
        """What bitmaps have, but for what is gone, and with what has changed."""
        found = found - kept.outdated
        if kept.changed:
            changed = Listing.objects.matching(asked, at=self._at).filter(pk__in=kept.changed)
            found |= changed.bitmap()
        return found

    def _ask(self, asked: Criteria) -> BitMap:
        with planned_for(asked):
            if asked.near or not (asked.words or asked.place):
                return Listing.objects.matching(asked, at=self._at).bitmap()
            queries = [query_of(asked.words)] if asked.words else []
            queries += [query_of_place(asked.place)] if asked.place else []
            (joined,) = JOINED.rows(words=reduce(and_, queries), at=self._at)
            return bitmap_of(joined)


def _alone(words: Words, place: int) -> Words:
    """One of the words, found as it is among the others."""
    word = words.words[place]
    is_whole = len(word) < SHORTEST_PREFIX and place + 1 < len(words.words)
    return Words((word,), whole=frozenset([word]) if is_whole else words.whole & {word})


def _is_known(word: str) -> bool:
    known = vocabulary()
    return known is not None and known.knows(word)
