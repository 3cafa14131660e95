"""What a search shows: what was asked for or, where nothing matches that, the nearest to it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from events.search.criteria import Criteria
from events.search.finding import Moment, Search
from events.search.orders import Slice
from events.search.relaxing import relax
from events.search.spelling import Correction, correct
from events.search.words import Words


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a ``search``. It differs from what was asked for by a ``correction`` of the
    spelling, and by words that were ``left_out``.
    """

    search: Search
    rows: Slice
    correction: Correction | None = None
    left_out: tuple[str, ...] = ()


def answer(
    criteria: Criteria, moment: Moment, *, is_exact: bool, after: str = "", before: str = ""
) -> Answer:
    """The page of the search that begins after or ends before a row.

    Raises BadCursor.
    """
    search = Search(criteria, moment)
    asked = Answer(search, search.page(after=after, before=before))
    if asked.rows.rows or is_exact or not criteria.words or search.has_any():
        return asked
    for other, correction, left_out in nearest(criteria, moment):
        search = Search(other, moment, word_by_word=True)
        if search.has_any():
            rows = search.page(after=after, before=before)
            return Answer(search, rows, correction, left_out)
    return asked


def nearest(
    criteria: Criteria, moment: Moment
) -> Iterator[tuple[Criteria, Correction | None, tuple[str, ...]]]:
    """Other criteria, the nearest first: with words that are spelt rightly, then without some of
    them.
    """
    correction = correct(criteria, moment)
    if correction:
        criteria = replace(criteria, words=correction.words)
        if correction.finds_all:
            yield criteria, correction, ()
    for left_out in relax(criteria.words):
        yield replace(criteria, words=without(criteria.words, left_out)), correction, left_out


def without(words: Words, left_out: tuple[str, ...]) -> Words:
    return replace(words, words=tuple(word for word in words.words if word not in left_out))
