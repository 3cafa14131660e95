import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eventmate import admin_lists
from events.models import Event
from tests.admin_pages import listed, text
from tests.factories import (
    BookingFactory,
    CityFactory,
    EventFactory,
    HostFactory,
    ReviewFactory,
    TicketTypeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

EVENTS = "/admin/events/event/"
LISTS = (
    EVENTS,
    "/admin/events/host/",
    "/admin/events/review/",
    "/admin/bookings/booking/",
    "/admin/bookings/ticket/",
    "/admin/bookings/message/",
    "/admin/accounts/user/",
)


@pytest.fixture
def long_lists(monkeypatch: Any) -> None:
    """Two rows are as many as are counted, one makes a page."""
    monkeypatch.setattr(admin_lists, "MOST_COUNTED", 2)
    monkeypatch.setattr(admin_lists.LongListAdmin, "list_per_page", 1)


def sql_of(client: Any, page: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize("query", ["", "?q=jazz"])
def test_nothing_reads_all_rows_of_a_list(admin_client: Any, page: str, query: str) -> None:
    for _ in range(3):
        BookingFactory()
        ReviewFactory()

    asked = sql_of(admin_client, page + query)

    own = page.strip("/").split("/")[1:]
    table = "_".join(own)
    counts = [sql for sql in asked if re.match(r"SELECT COUNT\(", sql) and f'"{table}"' in sql]
    assert counts
    assert all("LIMIT" in sql for sql in counts)
    assert not [sql for sql in asked if "SELECT DISTINCT" in sql]
    assert not [sql for sql in asked if "DATE_TRUNC" in sql]
    assert len(asked) <= 12


def test_rows_that_a_search_finds_are_sorted_and_joined_by_their_keys(admin_client: Any) -> None:
    ticket = BookingFactory(tickets=[TicketTypeFactory()]).tickets.get()

    asked = sql_of(admin_client, f"/admin/bookings/ticket/?q={ticket.code}")

    keys = [sql for sql in asked if sql.startswith('SELECT "bookings_ticket"."id" AS "pk" ')]
    assert keys
    assert all("ORDER BY" not in sql for sql in keys)
    joined = [sql for sql in asked if 'JOIN "bookings_booking"' in sql]
    assert joined
    assert all(f'"bookings_ticket"."id" IN ({ticket.pk})' in sql for sql in joined)


@pytest.mark.usefixtures("long_lists")
class TestLongList:
    @pytest.fixture(autouse=True)
    def events(self) -> list[Event]:
        day = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
        return [
            EventFactory(
                title=f"{name} event",
                starts_at=day + dt.timedelta(place),
                ends_at=day + dt.timedelta(place, hours=1),
            )
            for place, name in enumerate(["Zebra", "Monkey", "Ant"])
        ]

    def test_says_that_it_is_not_counted_to_its_end(self, admin_client: Any) -> None:
        page = text(admin_client.get(f"{EVENTS}?q=event"))

        assert "More than 2 events, of which the first 2 can be opened here" in page

    def test_says_how_many_rows_all_of_them_are(self, admin_client: Any) -> None:
        page = text(admin_client.get(f"{EVENTS}?q=event"))

        assert "Select all: more than 2 events" in page
        assert "Select all 2 events" not in page

    def test_has_its_last_page_where_counting_ends(self, admin_client: Any) -> None:
        assert listed(admin_client.get(f"{EVENTS}?p=2")) == {"Monkey event"}
        assert listed(admin_client.get(f"{EVENTS}?p=3")) == {"Monkey event"}

    def test_is_sorted_by_what_an_index_has_in_order(self, admin_client: Any) -> None:
        assert listed(admin_client.get(f"{EVENTS}?o=-2")) == {"Ant event"}

        by_title = admin_client.get(f"{EVENTS}?o=1")

        assert listed(by_title) == {"Zebra event"}
        assert "are not sorted by this column" in text(by_title)

    def test_is_sorted_by_every_column_once_it_is_short(self, admin_client: Any) -> None:
        Event.objects.filter(title="Monkey event").delete()

        by_title = admin_client.get(f"{EVENTS}?o=1")

        assert listed(by_title) == {"Ant event"}
        assert "are not sorted" not in text(by_title)

    def test_does_not_count_the_choices_of_its_filters(self, admin_client: Any) -> None:
        assert not [sql for sql in sql_of(admin_client, f"{EVENTS}?_facets=1") if " FILTER " in sql]

        Event.objects.filter(title="Monkey event").delete()

        assert [sql for sql in sql_of(admin_client, f"{EVENTS}?_facets=1") if " FILTER " in sql]

    def test_works_out_the_columns_of_its_page_alone(self, admin_client: Any) -> None:
        asked = sql_of(admin_client, f"{EVENTS}?p=2")

        skipping = [sql for sql in asked if "OFFSET" in sql]
        assert len(skipping) == 1
        assert "events_ticketstock" not in skipping[0]


class TestEventSearch:
    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ("jaz", {"Jazz in the park", "Free jazz"}),
            ("JAZZ pár", {"Jazz in the park"}),
            ("jazz reyk", {"Free jazz"}),
            ("jazz kulturhaus", {"Free jazz"}),
            ('"o\'clock\\\\"', {"Five o'clock"}),
            ("?!", set()),
            ("azz", set()),
        ],
    )
    def test_finds_words_by_their_beginning_with_city_and_host(
        self, admin_client: Any, search: str, found: set[str]
    ) -> None:
        EventFactory(title="Jazz in the park")
        EventFactory(
            title="Free jazz", city=CityFactory(name="Reykjavík"),
            host=HostFactory(name="Das Kulturhaus"),
        )  # fmt: skip
        EventFactory(title="Five o'clock")

        assert listed(admin_client.get(EVENTS, {"q": search})) == found

    def test_is_answered_by_indexes(self, admin_client: Any) -> None:
        """Each condition is one on a column of events: none waits for a join."""
        EventFactory()

        asked = sql_of(admin_client, f"{EVENTS}?q=jazz")

        searching = [sql for sql in asked if "@@" in sql]
        assert searching
        assert not [sql for sql in searching if "LIKE" in sql]


def test_a_city_is_chosen_in_the_list_of_cities(admin_client: Any) -> None:
    event = EventFactory()

    page = text(admin_client.get(EVENTS))
    narrowed = admin_client.get(f"{EVENTS}?city__id__exact={event.city_id}")

    assert 'href="/admin/events/city/"' in page
    assert f"?city__id__exact={event.city_id}" in text(admin_client.get("/admin/events/city/"))
    assert event.city.name in text(narrowed)
    assert listed(admin_client.get(f"{EVENTS}?city__id__exact=0")) == set()


def test_places_are_looked_at_in_the_first_events_alone(
    admin_client: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(admin_lists, "MOST_EXAMINED", 1)
    day = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
    for place, name in enumerate(["First", "Second"]):
        start = day + dt.timedelta(place)
        event = EventFactory(title=name, starts_at=start, ends_at=start + dt.timedelta(hours=1))
        TicketTypeFactory(event=event, capacity=2)

    assert listed(admin_client.get(f"{EVENTS}?places=left")) == {"First"}
    assert listed(admin_client.get(f"{EVENTS}?places=left&q=second")) == {"Second"}


def test_dates_are_offered_without_looking_which_have_rows(admin_client: Any) -> None:
    day = dt.datetime(2024, 5, 2, 12, tzinfo=dt.UTC)
    EventFactory(starts_at=day, ends_at=day + dt.timedelta(hours=1))
    EventFactory(starts_at=day.replace(year=2026), ends_at=day.replace(year=2026, hour=13))

    years = text(admin_client.get(EVENTS))
    months = text(admin_client.get(f"{EVENTS}?start_date__year=2025"))
    days = text(admin_client.get(f"{EVENTS}?start_date__year=2024&start_date__month=2"))

    assert [f">{year}</a>" in years for year in range(2023, 2028)] == [False, *[True] * 3, False]
    assert "December 2025" in months
    assert "February 29" in days
    assert "February 30" not in days


@pytest.mark.parametrize("search", ["grace", "hop", "grace@ex", "example.org", "Hopper GRACE@"])
def test_people_are_found_by_what_is_known_of_them(admin_client: Any, search: str) -> None:
    grace = UserFactory(email="grace@example.org", name="Grace Hopper")
    UserFactory(email="ada@example.com", name="Ada Lovelace")
    booking = BookingFactory(name=grace.name, email=grace.email)
    BookingFactory(name="Ada Lovelace", email="ada@example.com")

    assert listed(admin_client.get("/admin/accounts/user/", {"q": search})) == {grace.email}
    bookings = admin_client.get("/admin/bookings/booking/", {"q": search})
    assert listed(bookings) == {booking.reference}
