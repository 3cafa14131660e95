"""Which listings have the words that very many have, as bitmaps of event ids: PostgreSQL would read
thousands of rows for each search with one. Rarer words are left to it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from pyroaring import BitMap

from events.search.horizon import listing_horizon
from events.search.known_words import ENOUGH
from events.search.stored_index import Parts, StoredIndex, bitmap, version_of_listings
from events.search.tsquery import OF_A_PLACE
from events.search.vocabulary import Vocabulary
from events.search.vocabulary_store import vocabulary
from events.search.words import Words

# It is built anew when it is so old.
AGE = dt.timedelta(minutes=10)

STEMS = """
    SELECT word, (tsvector_to_array(to_tsvector('english', word)))[1]
      FROM unnest(%s::text[]) AS word
"""
LISTINGS = """
    SELECT lexeme, string_agg(int4send(event_id::int), '')
      FROM events_listing CROSS JOIN LATERAL unnest(tsvector_to_array(document)) AS lexeme
     WHERE ends_at > %(at)s AND lexeme = ANY (%(stems)s)
     GROUP BY lexeme HAVING count(*) >= %(often)s
"""


@dataclass(frozen=True, slots=True)
class WordIndex:
    """Of the listings from before it was built. ``stem_of`` has the words, as they are typed.
    Among the stems are the words of places, marked as in the index.
    """

    built_at: dt.datetime
    stem_of: Mapping[str, str]
    by_stem: Mapping[str, BitMap]

    def having(self, words: Words) -> BitMap | None:
        """Those that had all words; None where there is more to the words than frequent ones."""
        stems = [self.stem_of.get(word, "") for word in words.words]
        is_whole = words.whole.issuperset(words.words)
        if not stems or not is_plain(words) or not is_whole or not self.by_stem.keys() >= {*stems}:
            return None
        return BitMap.intersection(*(self.by_stem[stem] for stem in stems))

    def beginning(self, words: Words) -> Mapping[str, BitMap]:
        """Those that had a frequent word that begins as the only one asked for, by such words: one
        for each stem. Others may have others.
        """
        if len(words.words) != 1 or not is_plain(words) or words.whole:
            return {}
        (start,) = words.words
        word_of = {
            stem: word
            for word, stem in self.stem_of.items()
            if word.startswith(start) and stem.startswith(start)
        }
        return {word: self.by_stem[stem] for stem, word in word_of.items() if stem in self.by_stem}

    def places_beginning(self, start: str) -> Mapping[str, BitMap]:
        """Those at places with a frequent word that begins so, by such words."""
        start = OF_A_PLACE + start
        found = self.by_stem.items()
        return {stem.removeprefix(OF_A_PLACE): ids for stem, ids in found if stem.startswith(start)}


def is_plain(words: Words) -> bool:
    return not words.phrases and not words.excluded


def build_word_index(*, is_due: bool = False) -> bool:
    """Store it anew where it is old and the listings have changed, or where it ``is_due``.

    Returns whether it did.
    """
    forget_word_index()
    known = vocabulary()
    if not known or max(known.counts, default=0) < ENOUGH:
        _stored.remove()
        return False
    with transaction.atomic():
        version, at = version_of_listings(), listing_horizon()
        is_new = _stored.is_built(built_at__gt=at - AGE) or _stored.is_built(version=version)
        if is_new and not is_due:
            return False
        _stored.store(version, at, _parts(known, at))
    return True


def _parts(known: Vocabulary, at: dt.datetime) -> Iterator[tuple[str, str, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [known.words_of(ENOUGH)])
        stem_of = {word: stem for word, stem in cursor.fetchall() if stem}
        for word, stem in stem_of.items():
            yield "word", word, stem.encode()
        stems = [*set(stem_of.values()), *(OF_A_PLACE + word for word in stem_of)]
        cursor.execute(LISTINGS, {"at": at, "stems": stems, "often": ENOUGH})
        for stem, ids in cursor.fetchall():
            yield "stem", stem, bitmap(ids).serialize()


def _unpack(parts: Parts, built_at: dt.datetime) -> WordIndex:
    return WordIndex(
        built_at,
        {word: stem.decode() for word, stem in parts.get("word", {}).items()},
        {stem: BitMap.deserialize(ids) for stem, ids in parts.get("stem", {}).items()},
    )


# None on a site without words that so many listings have, or none yet.
_stored = StoredIndex("words", _unpack)
word_index = _stored.get
forget_word_index = _stored.forget
