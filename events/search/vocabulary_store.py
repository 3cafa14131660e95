"""Building the vocabulary, which a job and the importing commands do, and having it at hand in each
process. One row of a table holds it.
"""

import datetime as dt
import re
import time
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from events.models import SearchIndex
from events.search.stored_index import CHECKED, read_stored
from events.search.vocabulary import LONGEST_WORD, SHORTEST_WORD, Vocabulary

NAME = "vocabulary"
MOST_WORDS = 50_000
# Of so few listings any process builds the vocabulary when it needs a newer one: it takes a third
# of a second, and there may be no worker to do it.
SMALL = 2_000
SMALL_AGE, AGE = dt.timedelta(seconds=30), dt.timedelta(minutes=5)
# At this age, the version is not asked: it rises before what raised it is committed.
OLDEST = dt.timedelta(minutes=10)
BUILDING, MOST_SECONDS_TO_BUILD = "vocabulary:building", 60

# Each text with the number of listings that have it; an alias is a name in another language.
TEXTS = """
WITH listed AS MATERIALIZED (
    SELECT listing.event_id, listing.title, listing.category_id, listing.city_id, listing.host_id
      FROM events_listing AS listing WHERE listing.ends_at > %(at)s
)
SELECT listed.title || ' ' || events_fold(event.summary), 1, false
  FROM listed JOIN events_event AS event ON event.id = listed.event_id
UNION ALL
SELECT events_fold(venue), number, false FROM (
    SELECT event.venue, count(*) AS number
      FROM listed JOIN events_event AS event ON event.id = listed.event_id
     GROUP BY event.venue
) AS venues
UNION ALL
SELECT events_fold(host.name), number, false
  FROM (SELECT host_id, count(*) AS number FROM listed GROUP BY host_id) AS hosts
  JOIN events_host AS host ON host.id = host_id
UNION ALL
SELECT events_fold(category.name), number, false
  FROM (SELECT category_id, count(*) AS number FROM listed GROUP BY category_id) AS categories
  JOIN events_category AS category ON category.id = category_id
UNION ALL
SELECT text, number, is_alias
  FROM (SELECT city_id, count(*) AS number FROM listed GROUP BY city_id) AS cities
  JOIN events_city AS city ON city.id = city_id
 CROSS JOIN LATERAL (VALUES
    (events_fold(concat_ws(' ', city.name, city.region, city.country)), false),
    (events_fold(city.aliases) || ' ' || events_respell(city.name), true)
 ) AS names (text, is_alias)
"""
A_WORD = re.compile(rf"[^0-9]{{{SHORTEST_WORD},{LONGEST_WORD}}}")
# Texts that are read at once.
CHUNK = 5000


@dataclass
class Kept:
    """What this process holds."""

    vocabulary: Vocabulary | None = None
    built_at: dt.datetime | None = None
    checked: float = -CHECKED

    @property
    def was_checked(self) -> bool:
        """Whether a large site's was the newest some seconds ago: there only a job builds it."""
        is_large = self.vocabulary is not None and self.vocabulary.listings > SMALL
        return is_large and time.monotonic() - self.checked < CHECKED


@dataclass(frozen=True, slots=True)
class State:
    """Of what is stored, and the version of the listings now."""

    built_at: dt.datetime | None
    version: int
    listings_version: int

    def is_due(self, listings: int) -> bool:
        """Whether it should be built anew, where there were so many listings."""
        if self.built_at is None:
            return True
        age = timezone.now() - self.built_at
        if self.version == self.listings_version:
            return age > OLDEST
        return age > (SMALL_AGE if listings <= SMALL else AGE)


_kept = Kept()


def vocabulary() -> Vocabulary | None:
    """As it was built last; on a small site, not much older than its words. None on a large one
    that has none yet.
    """
    if _kept.was_checked:
        return _kept.vocabulary
    state = read_state()
    load_newer(state)
    listings = _kept.vocabulary.listings if _kept.vocabulary else count_listings()
    if (
        listings <= SMALL
        and state.is_due(listings)
        and cache.add(BUILDING, 1, MOST_SECONDS_TO_BUILD)
    ):
        try:
            build_vocabulary()
        finally:
            cache.delete(BUILDING)
        load_newer(read_state())
    return _kept.vocabulary


def forget_vocabulary() -> None:
    """Look for a newer one at the next use."""
    _kept.checked = -CHECKED


def refresh_vocabulary() -> bool:
    """Build it if it is due. Returns whether it was."""
    state = read_state()
    is_due = state.is_due(count_listings())
    if is_due:
        build_vocabulary()
    return is_due


def build_vocabulary() -> None:
    at = timezone.now()
    with transaction.atomic():
        version = read_state().listings_version
        counts = count_words(at)
        words = Vocabulary.of(counts, listings=count_listings())
        SearchIndex.objects.update_or_create(
            name=NAME, defaults={"version": version, "built_at": at, "content": words.pack()}
        )
    forget_vocabulary()


def count_words(at: dt.datetime) -> list[tuple[str, int]]:
    """The words that most listings have, with their number."""
    counts: Counter[str] = Counter()
    with connection.chunked_cursor() as cursor:
        cursor.execute(TEXTS, {"at": at})
        while rows := cursor.fetchmany(CHUNK):
            for text, number, is_alias in rows:
                if number == 1 and not is_alias:
                    counts.update(text.split())  # far faster than what follows
                else:
                    counts.update(dict.fromkeys(text.split(), 0 if is_alias else number))
    ordered = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return list(islice((row for row in ordered if A_WORD.fullmatch(row[0])), MOST_WORDS))


def read_state() -> State:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT built_at, version, last_value FROM events_listing_version"
            " LEFT JOIN events_searchindex ON name = %s",
            [NAME],
        )
        built_at, version, listings_version = cursor.fetchone()
    return State(built_at, version, listings_version)


def count_listings() -> int:
    """Exact up to one more than a small site has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM events_listing LIMIT %s) AS listings", [SMALL + 1]
        )
        return int(cursor.fetchone()[0])


def load_newer(state: State) -> None:
    _kept.checked = time.monotonic()
    if state.built_at == _kept.built_at:
        return
    stored = read_stored(NAME)
    _kept.vocabulary = Vocabulary.unpack(stored.content) if stored else None
    _kept.built_at = stored.built_at if stored else None
