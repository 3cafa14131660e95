"""The best match first: how well the words fit, then how soon, how popular, and whether there are
places left.
"""

import datetime as dt
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db import models
from django.db.models import Case, F, Func, Value, When
from django.db.models.functions import Cast, Round
from django.db.models.sql.compiler import SQLCompiler

from events.listings import ListingQuerySet, query_of, stems_of
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
    text: Any = rank_of(stems_of(words))
    if set(words.words) - words.whole:
        text += rank_of(query_of(words)) * BEGUN
    score = (text + Value(0.001)) * _title_bonus(words) * Prior(at)
    whole = Cast(Round(score * SCALE), models.BigIntegerField())
    return listings.annotate(score=whole)


def rank_of(query: Any) -> SearchRank:
    return SearchRank(F("document"), query, weights=WEIGHTS, normalization=BY_LENGTH)


def _title_bonus(words: Words) -> Any:
    title = " ".join(words.words)
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

    def __init__(self, at: dt.datetime) -> None:
        super().__init__(*self.columns)
        self._at = at

    def as_sql(self, compiler: SQLCompiler, *_: Any, **__: Any) -> Any:
        expressions = map(compiler.compile, self.get_source_expressions())
        columns = {name: sql for name, (sql, _) in zip(self.columns, expressions, strict=True)}
        day = self._at.replace(hour=0, minute=0, second=0, microsecond=0)
        return self.sql.format(**columns), (day, self._at, self._at)
