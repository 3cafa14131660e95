"""What time does to the listings; all that people change is kept true by triggers."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.utils import timezone

from events.models import GoneListing, Listing
from events.search.facet_store import build_facet_index
from events.search.vocabulary_store import build_vocabulary
from events.search.word_index import build_word_index

# Rows that a statement removes or changes, so that it takes well under the statement's time.
BATCH = 2000
# Well longer than web workers hold what was built from all listings.
KNOWN_AS_GONE = dt.timedelta(hours=1)

POPULARITY = """
    UPDATE events_listing AS listing SET popularity = counted.popularity
      FROM (
        SELECT listing.event_id,
               coalesce(sum(stock.taken), 0)
               + (SELECT count(*) FROM events_favorite AS favorite
                   WHERE favorite.event_id = listing.event_id) AS popularity
          FROM events_listing AS listing
          LEFT JOIN events_tickettype AS ticket_type USING (event_id)
          LEFT JOIN events_ticketstock AS stock ON stock.ticket_type_id = ticket_type.id
         WHERE listing.event_id > %(after)s AND listing.event_id <= %(last)s
         GROUP BY listing.event_id
      ) AS counted
     WHERE counted.event_id = listing.event_id
       AND counted.popularity <> listing.popularity
"""


def renew_search() -> None:
    """Have what is made of all listings, which jobs do otherwise, after many have changed."""
    build_vocabulary()
    build_facet_index()
    build_word_index(is_due=True)


def renew_search_in_parallel(and_then: Callable[[], object]) -> None:
    """The same, outside of a transaction, on two cores: only the words wait for the vocabulary.
    What is to be done ``and_then`` is done on the core that is free first.
    """
    with ThreadPoolExecutor(1) as beside:
        facets = beside.submit(_build_facet_index_in_thread)
        rest = beside.submit(and_then)
        build_vocabulary()
        build_word_index(is_due=True)
        facets.result()
        rest.result()


def _build_facet_index_in_thread() -> None:
    """With the thread's own connection."""
    try:
        build_facet_index()
    finally:
        connection.close()


def remove_past_listings() -> int:
    """Of events that are over, which no list shows any more. Returns how many."""
    GoneListing.objects.filter(gone_at__lt=timezone.now() - KNOWN_AS_GONE).delete()
    removed = 0
    while True:
        past = Listing.objects.filter(ends_at__lte=timezone.now()).order_by("ends_at")
        number, _ = Listing.objects.filter(
            pk__in=list(past.values_list("pk", flat=True)[:BATCH])
        ).delete()
        removed += number
        if number < BATCH:
            return removed


def count_popularity() -> int:
    """Count anew how many places are taken and how many people keep an event. Returns of how many
    events that has changed.
    """
    changed, after = 0, 0
    while last := _last_of_batch(after):
        with connection.cursor() as cursor:
            cursor.execute(POPULARITY, {"after": after, "last": last})
            changed += cursor.rowcount
        after = last
    if changed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('events_listing_version')")
    return changed


def _last_of_batch(after: int) -> int | None:
    ids = Listing.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]
    return max(ids, default=None)
