"""What a web worker of a large site knows of all listings without asking the database."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from pyroaring import BitMap

from events.search.changed import ChangedListing, LastRead
from events.search.facet_index import FacetIndex
from events.search.facet_store import facet_index
from events.search.word_index import WordIndex, word_index

# Where more have changed, PostgreSQL is asked.
MOST_CHANGED = 1000

SINCE = """
    (SELECT changed_at, event_id FROM events_listing WHERE changed_at >= %(since)s LIMIT %(most)s)
    UNION ALL
    SELECT NULL, event_id FROM events_gonelisting WHERE gone_at >= %(since)s
    UNION ALL
    SELECT NULL, event_id FROM events_listing WHERE ends_at > %(since)s AND ends_at <= %(at)s
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """``changed`` are the listings that may be otherwise by now, or are new; ``outdated`` are these
    and what is gone or over. ``read`` are the changed ones as they are now, unless there are many.
    """

    facets: FacetIndex
    words: WordIndex | None
    changed: BitMap
    outdated: BitMap
    read: Sequence[ChangedListing] | None


def kept_indexes(at: dt.datetime) -> Kept | None:
    """None on a site that has few listings, or where very many have changed."""
    facets, words = facet_index(), word_index()
    if facets is None:
        return None
    since = min(facets.built_at, words.built_at) if words else facets.built_at
    with connection.cursor() as cursor:
        cursor.execute(SINCE, {"since": since, "at": at, "most": MOST_CHANGED + 1})
        rows = cursor.fetchall()
    versions = {event_id: changed_at for changed_at, event_id in rows if changed_at}
    if len(versions) > MOST_CHANGED:
        return None
    outdated = BitMap([event_id for _changed_at, event_id in rows])
    return Kept(facets, words, BitMap(list(versions)), outdated, _last_read.of(versions))


_last_read = LastRead()
