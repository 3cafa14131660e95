"""The best match first: how well the words fit, then how soon, how popular, and whether there are
places left.
"""

import datetime as dt
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db import models
from django.db.models import Case, F, Func, Value, When
from django.db.models.functions import Cast, Round

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
    score = (text + Value(0.001)) * _title_bonus(words) * _prior(at)
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


def _prior(at: dt.datetime) -> Any:
    """From about 0.3 to 1."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    days = Func(
        Func(
            F("starts_at"),
            Value(day),
            template="greatest(extract(epoch FROM %(expressions)s), 0)",
            arg_joiner=" - ",
        ),
        template="(%(expressions)s / 86400.0)::float8",
        output_field=models.FloatField(),
    )
    soon = Value(1.0) / (Value(1.0) + days / SOON_DAYS)
    taken = Cast("popularity", models.FloatField())
    known = taken / (taken + WELL_KNOWN * 10)
    available = Case(
        When(available_from__lte=at, available_until__gt=at, then=Value(1.0)),
        default=Value(SOLD_OUT),
    )
    return (0.55 + 0.25 * soon + 0.2 * known) * available
