"""What the command leaves in the database."""

import datetime as dt
from uuid import uuid4

import pytest

from events.generating.cities import NAMES_AT_HOME
from tests.events.generating.conftest import COUNT, TODAY, Database

LISTINGS = """
    SELECT event_id, to_jsonb(listing) - 'listed_at' - 'changed_at'
      FROM events_listing AS listing WHERE ends_at > %s
"""
# All that does not depend on when rows got their keys.
CONTENT = """
    SELECT md5(string_agg(
        (to_jsonb(event) - ARRAY['id', 'category_id', 'city_id', 'host_id'])::text
        || category.slug || host.slug || coalesce(city.slug, '') || tickets.all, '' ORDER BY uid
    ))
      FROM events_event AS event
      JOIN events_category AS category ON category.id = category_id
      JOIN events_host AS host ON host.id = host_id
      LEFT JOIN events_city AS city ON city.id = city_id
     CROSS JOIN LATERAL (
        SELECT string_agg(
            (to_jsonb(type) - ARRAY['id', 'event_id'])::text || capacity, '' ORDER BY position
        ) AS all
          FROM events_tickettype AS type JOIN events_ticketstock ON ticket_type_id = type.id
         WHERE event_id = event.id
     ) AS tickets
"""


def test_every_event_is_there_with_its_ticket_types_and_stocks(filled):
    assert filled.value("SELECT count(*) FROM events_event") == COUNT
    assert not filled.rows(
        "SELECT id FROM events_event AS event"
        " WHERE NOT EXISTS (SELECT FROM events_tickettype WHERE event_id = event.id)"
    )
    assert not filled.rows(
        "SELECT id FROM events_tickettype"
        " FULL JOIN events_ticketstock ON ticket_type_id = id WHERE id IS NULL OR taken IS NULL"
    )


def test_no_row_breaks_a_constraint_that_was_not_looked_at(filled):
    """PostgreSQL looks at all rows when a constraint is made anew."""
    constraints = filled.rows(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid IN ('events_event'::regclass,"
        " 'events_tickettype'::regclass, 'events_ticketstock'::regclass,"
        " 'events_favorite'::regclass)"
    )
    assert len(constraints) >= 7
    for table, name, definition in constraints:
        filled.rows(
            f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {definition}"
        )


def test_inventory_is_what_the_bookings_say(filled):
    assert "Every counter is what the rows say" in filled.manage("verify_inventory")


def test_listings_are_what_the_site_would_make_of_the_events(filled):
    # No other may be over before it is looked at again.
    first = TODAY + dt.timedelta(days=2)
    listings = dict(filled.rows(LISTINGS, first))
    assert len(listings) == pytest.approx(0.2 * COUNT, rel=0.2)

    filled.rows("DELETE FROM events_listing")
    filled.rows("SELECT events_refresh_listings(ARRAY(SELECT id FROM events_event))")
    made = dict(filled.rows(LISTINGS, first))

    assert made.keys() == listings.keys()
    assert not [(row, made[key]) for key, row in listings.items() if row != made[key]]


def test_there_is_something_for_every_filter(filled):
    tags = {tag for (tag,) in filled.rows("SELECT DISTINCT unnest(tags) FROM events_listing")}

    assert {
        *("access:step-free", "access:hearing-loop", "access:sign-language", "access:companion"),
        *("time:morning", "time:afternoon", "time:evening", "time:night"),
        *("attend:online", "attend:in-person", "price:free", "language:german", "country:DE"),
    } <= tags
    assert len([tag for tag in tags if tag.startswith("category:")]) == 30
    assert len([tag for tag in tags if tag.startswith("city:")]) > 200
    [kinds] = filled.rows(
        "SELECT bool_or(is_long), bool_or(available_from IS NULL), max(popularity) > 20,"
        " bool_or(lowest_price >= 50) FROM events_listing"
    )
    assert all(kinds), kinds
    for title in ("jazz festival", "python workshop", "berlin"):
        assert filled.value("SELECT count(*) FROM events_listing WHERE title LIKE %s", f"%{title}%")


def test_same_seed_and_day_give_the_same_events(filled, database):
    database.generate("--processes", "1")
    assert database.value(CONTENT) == filled.value(CONTENT)


def test_another_seed_or_day_gives_others(database):
    def content(seed: int, today: dt.date) -> str:
        database.manage("generate_events", "300", "--seed", str(seed), "--today", str(today))
        made = database.value(CONTENT)
        database.rows("TRUNCATE events_event, events_host CASCADE")
        return made

    first = content(1, TODAY)
    assert content(1, TODAY) == first
    assert content(2, TODAY) != first
    assert content(1, TODAY - dt.timedelta(days=1)) != first


def test_second_run_adds_to_what_is_there(database):
    database.manage("generate_events", "300")
    assert database.value("SELECT count(DISTINCT slug) FROM events_event") == 300
    # As somebody else may have written it.
    database.rows("UPDATE events_city SET name = 'Zurich' WHERE name = 'Zürich'")

    database.manage("generate_events", "300")

    assert database.value("SELECT count(DISTINCT slug) FROM events_event") == 600
    assert database.value("SELECT count(*) FROM events_city") == 600
    assert database.value("SELECT count(*) FROM events_category") == 30


def test_cities_are_found_by_their_names_at_home(filled):
    named = dict(filled.rows("SELECT name, aliases FROM events_city WHERE aliases <> ''"))

    assert named.keys() == NAMES_AT_HOME.keys()
    for word, name in (("koln", "Cologne"), ("wien", "Vienna")):
        assert filled.value(
            "SELECT count(*) FROM events_listing AS listing"
            " JOIN events_city AS city ON city.id = city_id"
            " WHERE city.name = %s AND document @@ to_tsquery('simple', %s)",
            name,
            word,
        )


def test_share_of_upcoming_events_can_be_chosen(database):
    database.manage("generate_events", "2000", "--upcoming", "1")

    published = "SELECT count(*) FROM events_event WHERE status = 'published'"
    assert database.value(f"{published} AND ends_at > now()") > 0.97 * database.value(published)


@pytest.fixture
def role(database):
    """Owns the tables, and has no further rights."""
    name = f"owner_{uuid4().hex}"
    database.rows(
        """
        DO $$
        DECLARE relation regclass;
        BEGIN
            CREATE ROLE owner_of_all LOGIN;
            FOR relation IN SELECT oid FROM pg_class
             WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
            LOOP
                EXECUTE 'ALTER TABLE ' || relation || ' OWNER TO owner_of_all';
            END LOOP;
            GRANT ALL ON SCHEMA public TO owner_of_all;
            GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO owner_of_all;
        END $$
        """.replace("owner_of_all", name)
    )
    yield name
    database.rows(f"DROP OWNED BY {name} CASCADE; DROP ROLE {name}")


def test_role_that_may_not_skip_foreign_keys_gets_the_same_events(filled, database, role):
    of_role = Database(database.url.replace("postgres@", f"{role}@"))

    of_role.generate()

    assert database.value(CONTENT) == filled.value(CONTENT)
    assert database.value("SELECT count(*) FROM events_listing") > 0
