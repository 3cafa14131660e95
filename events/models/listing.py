from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from events.listings import ListingQuerySet
from events.models.event import Event
from events.models.host import Host
from events.models.place import Category, City
from events.models.triggers import OLD_ROWS, note_changes, note_tags

# Which lists an event is in.
LISTS = (
    "SELECT DISTINCT unnest(ARRAY['list', 'in-category:' || rows.category_id,"
    " 'in-city:' || rows.city_id, 'in-host:' || rows.host_id]) FROM {rows}"
)
# Not where only its popularity was counted anew.
CHANGED = (
    "(SELECT {}.* FROM old_rows JOIN new_rows USING (event_id)"
    " WHERE old_rows.changed_at <> new_rows.changed_at) AS rows"
)
# Cities and hosts that nothing else that is public has.
NEW_NAMES = """
    SELECT 'names' FROM (SELECT DISTINCT city_id FROM {rows}) AS places
     WHERE city_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM events_event AS other
         WHERE other.city_id = places.city_id AND other.is_active
           AND other.id NOT IN (SELECT event_id FROM new_rows))
    UNION
    SELECT 'names' FROM (SELECT DISTINCT host_id FROM {rows}) AS hosts
     WHERE NOT EXISTS (
        SELECT FROM events_event AS other
         WHERE other.host_id = hosts.host_id AND other.is_active
           AND other.id NOT IN (SELECT event_id FROM new_rows))
"""
MOVED = (
    "(SELECT new_rows.* FROM old_rows JOIN new_rows USING (event_id)"
    " WHERE (old_rows.city_id, old_rows.host_id)"
    " IS DISTINCT FROM (new_rows.city_id, new_rows.host_id)) AS rows"
)


class ListingColumns(models.Model):
    """What an event is found by, whatever state it is in."""

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    start_date = models.DateField()
    end_date = models.DateField()
    is_long = models.BooleanField(help_text="It takes more than four days.")
    latitude = models.FloatField(null=True, help_text="Of the event, or else of its city.")
    longitude = models.FloatField(null=True)
    lowest_price = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, help_text="Of the tickets that everyone sees."
    )
    highest_price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    available_from = models.DateTimeField(
        null=True, help_text="From then on there are places to book; empty where there are none."
    )
    available_until = models.DateTimeField(null=True)
    popularity = models.PositiveIntegerField(
        help_text="Places taken and favourites, counted anew by a job."
    )
    tags = ArrayField(models.TextField())
    title = models.TextField(help_text="As people may type it: see events_fold.")
    document = SearchVectorField()

    objects = ListingQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Listing(ListingColumns):
    """What the public lists find an event by: one narrow row for each published event that is not
    over. Only PostgreSQL writes it: the function ``events_refresh_listings`` of migration 0003,
    which the triggers of Event, TicketType, TicketStock, City, Category and Host call.

    ``tags`` hold what an event either has or not, as "dimension:value": "category:3", "city:17",
    "host:4", "country:DE", "time:evening", "attend:online", "attend:in-person", "price:free",
    "language:german", "access:step-free" and so on. A filter asks for tags, a facet counts them.
    """

    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, primary_key=True, related_name="listing"
    )
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    city = models.ForeignKey(
        City,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    host = models.ForeignKey(
        Host, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    listed_at = models.DateTimeField(help_text="When people could find it for the first time.")
    changed_at = models.DateTimeField(
        help_text="When it was written last, but for a new count of its popularity."
    )

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="note_gone",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                referencing=OLD_ROWS,
                func="""
                    INSERT INTO events_gonelisting (event_id, gone_at)
                    SELECT event_id, clock_timestamp() FROM old_rows
                    ON CONFLICT (event_id) DO UPDATE SET gone_at = excluded.gone_at;
                    RETURN NULL;
                """,
            ),
            *note_changes(f"{LISTS} UNION {NEW_NAMES}", pgtrigger.Insert),
            *note_changes(LISTS, pgtrigger.Delete),
            pgtrigger.Trigger(
                name="show_update",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
                func=note_tags(
                    " UNION ".join(
                        (
                            LISTS.format(rows=CHANGED.format("old_rows")),
                            LISTS.format(rows=CHANGED.format("new_rows")),
                            NEW_NAMES.format(rows=MOVED),
                        )
                    )
                ),
            ),
        ]
        indexes: ClassVar = [
            # Text and all filters, alone and together, where few events match.
            GinIndex(fields=["document", "tags"], name="listing_words_and_tags"),
            # What is walked where many match: the soonest (home, calendars), the most popular
            # (home, suggestions), the newest (feeds, mail). Searches of a large site know all
            # orders (search/facet_index.py), and those of a small one sort.
            models.Index(fields=["starts_at", "event"], name="listing_soonest"),
            models.Index(fields=["-popularity", "starts_at", "event"], name="listing_popular"),
            models.Index(fields=["-listed_at", "-event"], name="listing_newest"),
            # What is newer than that which web workers keep of all listings.
            models.Index(fields=["changed_at"], name="listing_changed_at"),
            # Those that began before the first day of a search, and may still run on it.
            models.Index(
                fields=["starts_at", "event"], name="listing_long", condition=Q(is_long=True)
            ),
            # What is over, for the job that removes it.
            models.Index(fields=["ends_at"], name="listing_ends_at"),
            # Near a point: a box, with what is asked of the many listings in that of a large city.
            models.Index(
                fields=["latitude", "longitude"],
                include=["event", "starts_at", "ends_at"],
                name="listing_position",
            ),
            # Titles that begin as typed.
            models.Index(fields=["title"], name="listing_title", opclasses=["text_pattern_ops"]),
        ]


class GoneListing(models.Model):
    """One that was removed in the last hour. A trigger of Listing writes it."""

    event_id = models.BigIntegerField(primary_key=True)
    gone_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.event_id)


class ListingSource(ListingColumns):
    """What the listing of an event is made from, be it published or not: a view of migration 0016,
    which works it out anew each time, for a handful of events.
    """

    event = models.OneToOneField(
        Event, on_delete=models.DO_NOTHING, primary_key=True, related_name="+"
    )
    category = models.ForeignKey(Category, on_delete=models.DO_NOTHING, related_name="+")
    city = models.ForeignKey(City, on_delete=models.DO_NOTHING, null=True, related_name="+")
    host = models.ForeignKey(Host, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        managed = False
        db_table = "events_listing_source"
