"""What PostgreSQL's text search is asked for, as SQL. Django would take longer to put a query
together from as many expressions than PostgreSQL to find what has the words.

https://www.postgresql.org/docs/current/textsearch-features.html#TEXTSEARCH-MANIPULATE-TSQUERY
"""

from functools import reduce
from itertools import pairwise
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, Func

from eventmate.kept_queries import Piece
from events.search.words import Words

STEMS, PLAIN = "english", "simple"
OF_A_PLACE = "@"
# Of the shorter ones, only the last may go on: someone is still typing it.
SHORTEST_PREFIX = 3
SHORTEST_PLURAL = 4
# Of more words, none are joined: with each pair, all the others are asked for once more.
MOST_JOINED = 8


class TsQuery(Piece):
    """An expression of the type ``tsquery``."""

    __slots__ = ()

    def __and__(self, other: "TsQuery") -> "TsQuery":
        return TsQuery(f"({self.sql} && {other.sql})", self.parameters + other.parameters)

    def __or__(self, other: "TsQuery") -> "TsQuery":
        return TsQuery(f"({self.sql} || {other.sql})", self.parameters + other.parameters)

    def __invert__(self) -> "TsQuery":
        return TsQuery(f"!!({self.sql})", self.parameters)


class Wanted(SearchQuery):
    """One as an expression of Django's."""

    def __init__(self, query: TsQuery) -> None:
        super().__init__("")
        self._query = query

    def as_sql(self, *_: Any, **__: Any) -> Any:
        return self._query.sql, list(self._query.parameters)


class HasWords(Func):
    """A condition: a document has what a query asks for."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def query_of(words: Words) -> TsQuery:
    """Every word by its stem or as the beginning of one, phrases by their stems in a row. Two words
    that stand side by side may be one, unless there are many: "kube con".
    """
    parts = [_found_by(words, place) for place in range(len(words.words))]
    query = reduce(and_, parts) if parts else None
    for place in range(len(parts) - 1) if len(parts) <= MOST_JOINED else ():
        pair = words.words[place : place + 2]
        if query and not words.whole.issuperset(pair):
            joined = _plain("".join(pair))
            query |= reduce(and_, [*parts[:place], joined, *parts[place + 2 :]])
    exact = [_phrase(phrase) for phrase in words.phrases]
    exact += [~_phrase(phrase) for phrase in words.excluded]
    return reduce(and_, exact if query is None else [query, *exact])


def _found_by(words: Words, place: int) -> TsQuery:
    word = words.words[place]
    if word in words.whole:
        return _stem(word)
    is_last = place + 1 == len(words.words)
    is_prefix = len(word) >= (SHORTEST_PREFIX - 1 if is_last else SHORTEST_PREFIX)
    found = _stem(word) | _plain(word, is_prefix=is_prefix)
    if word.endswith("s") and len(word) > SHORTEST_PLURAL:
        found |= _plain(word[:-1])
    return found


def query_of_place(place: Words) -> TsQuery:
    """Words of a place stand in the index by themselves, marked: see events_place."""
    wanted = [*place.words, *" ".join(place.phrases).split()]
    unwanted = " ".join(place.excluded).split()
    lexemes = " & ".join(
        [
            *(f"'{OF_A_PLACE}{word}':*" for word in wanted),
            *(f"!'{OF_A_PLACE}{word}'" for word in unwanted),
        ]
    )
    return TsQuery("%s::tsquery", (lexemes,))


def stems_of(words: Words) -> TsQuery:
    """Any of the words by its stem, or of the phrases: what a ranking weighs most."""
    parts = [_stem(word) for word in words.words]
    parts += [_plain("".join(pair)) for pair in pairwise(words.words)]
    parts += [_phrase(phrase) for phrase in words.phrases]
    return reduce(or_, parts) if parts else query_of(words)


def _stem(word: str) -> TsQuery:
    """A folded word has no quotes that could end it."""
    return TsQuery(f"to_tsquery('{STEMS}', %s)", (f"'{word}'",))


def _plain(word: str, *, is_prefix: bool = True) -> TsQuery:
    return TsQuery(f"to_tsquery('{PLAIN}', %s)", (f"'{word}'{':*' if is_prefix else ''}",))


def _phrase(phrase: str) -> TsQuery:
    return TsQuery(f"phraseto_tsquery('{STEMS}', %s)", (phrase,))
