"""The best match first: how well the words fit, then how soon, how popular, and whether there are
places left.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db import models
from django.db.models import Case, F, Func, Value, When
from django.db.models.functions import Cast, Round
from django.db.models.sql.compiler import SQLCompiler

from eventmate.kept_queries import Fragment, IsOneOf, KeptQuery, Parameter
from events.listings import ListingQuerySet
from events.models import Listing
from events.search.criteria import Sort
from events.search.orders import first_rows
from events.search.tsquery import TsQuery, Wanted, query_of, stems_of
from events.search.words import Words

# Of more that match, the soonest are ranked.
MOST_RANKED = 200
# Of description, summary, names (host, venue, place, category) and title.
WEIGHTS = [0.05, 0.2, 0.5, 1.0]
# A match divided by the logarithm of the length of the text.
BY_LENGTH = 1
# A word that is only begun with counts less than the word.
BEGUN = 0.4
EXACT_TITLE, BEGINS_TITLE = 2.0, 1.3
SOON_DAYS = 45.0
WELL_KNOWN = 4.0
SOLD_OUT = 0.6
# Scores are whole numbers, which a link can name.
SCALE = 1_000_000


def with_score(listings: ListingQuerySet, words: Words, *, at: dt.datetime) -> ListingQuerySet:
    """Annotate ``score``, the higher the better. It changes with the day and the places left."""
    asked = Asked.of(words, at=at)
    return _scored(
        listings,
        Wanted(asked.stems),
        Wanted(asked.words) if asked.words else None,
        title=Value(asked.title),
        day=Value(asked.day),
        at=Value(at),
    )


def best_rows(ids: Sequence[int], words: Words, *, at: dt.datetime) -> list[dict[str, Any]]:
    """Of events that match, the first rows with their score: one more than are on a page."""
    asked = Asked.of(words, at=at)
    best = BEST_OF_WHOLE_WORDS if asked.words is None else BEST
    rows: list[Any] = best.rows(ids=ids, **vars(asked))
    return rows


@dataclass(frozen=True)
class Asked:
    """What a score depends on. ``words`` are there where others that begin so count as well."""

    stems: TsQuery
    words: TsQuery | None
    title: str
    day: dt.datetime
    at: dt.datetime

    @classmethod
    def of(cls, words: Words, *, at: dt.datetime) -> "Asked":
        return cls(
            stems=stems_of(words),
            words=query_of(words) if set(words.words) - words.whole else None,
            title=" ".join(words.words),
            day=at.replace(hour=0, minute=0, second=0, microsecond=0),
            at=at,
        )


def _best(*, has_beginnings: bool) -> ListingQuerySet:
    scored = _scored(
        Listing.objects.filter(IsOneOf(F("event_id"), Parameter("ids"))),
        Fragment("stems"),
        Fragment("words") if has_beginnings else None,
        title=Parameter("title"),
        day=Parameter("day"),
        at=Parameter("at"),
    )
    return first_rows(scored, Sort.RELEVANCE)


BEST: KeptQuery[Any] = KeptQuery(partial(_best, has_beginnings=True))
BEST_OF_WHOLE_WORDS: KeptQuery[Any] = KeptQuery(partial(_best, has_beginnings=False))


def _scored(
    listings: ListingQuerySet, stems: Any, words: Any, *, title: Value, day: Value, at: Value
) -> ListingQuerySet:
    text: Any = _rank_of(stems)
    if words is not None:
        text += _rank_of(words) * BEGUN
    score = (text + Value(0.001)) * _title_bonus(title) * Prior(day, at)
    whole = Cast(Round(score * SCALE), models.BigIntegerField())
    return listings.annotate(score=whole)


def _rank_of(query: Any) -> SearchRank:
    return SearchRank(F("document"), query, weights=WEIGHTS, normalization=BY_LENGTH)


def _title_bonus(title: Value) -> Any:
    return Case(
        When(title=title, then=Value(EXACT_TITLE)),
        When(title__startswith=title, then=Value(BEGINS_TITLE)),
        default=Value(1.0),
    )


class Prior(Func):
    """From about 0.3 to 1, at an instant and by its day. It is one expression, as Django takes its
    time for each of the thirty that it would be put together from.
    """

    output_field = models.FloatField()
    sql = f"""
        (((0.55 + (0.25 * (1.0 / (1.0 +
            ((greatest(extract(epoch FROM {{starts_at}} - %s), 0) / 86400.0)::float8 / {SOON_DAYS})
        )))) + (0.2 * ({{popularity}}::float8 / ({{popularity}}::float8 + {WELL_KNOWN * 10}))))
        * CASE WHEN {{available_from}} <= %s AND {{available_until}} > %s THEN 1.0
          ELSE {SOLD_OUT} END)
    """
    columns = ("starts_at", "popularity", "available_from", "available_until")

    def __init__(self, day: Value, at: Value) -> None:
        super().__init__(*self.columns, day, at)

    def as_sql(self, compiler: SQLCompiler, *_: Any, **__: Any) -> Any:
        *columns, day, at = map(compiler.compile, self.get_source_expressions())
        names = {name: sql for name, (sql, _) in zip(self.columns, columns, strict=True)}
        return self.sql.format(**names), (*day[1], *at[1], *at[1])
