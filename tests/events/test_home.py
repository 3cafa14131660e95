import datetime as dt

import pytest
from django.utils import timezone

from events.days import When, days_of
from events.models import EventStatus
from tests.factories import EventFactory, TicketTypeFactory, days_from_now

pytestmark = pytest.mark.django_db

MOST_QUERIES = 6


def shelves(client):
    response = client.get("/")
    return {
        shelf.title: [event.title for event in shelf.events]
        for shelf in response.context["shelves"]
    }


def test_empty_site_says_so_kindly(client):
    response = client.get("/")

    assert response.status_code == 200
    assert "Nothing is on yet" in response.content.decode()
    assert "Pick a city" not in response.content.decode()


def test_soonest_events_come_first(client):
    EventFactory(title="Later", starts_at=days_from_now(30))
    EventFactory(title="Sooner", starts_at=days_from_now(20))

    assert shelves(client)["Coming up"] == ["Sooner", "Later"]


def test_weekend_shelf_holds_what_runs_on_saturday_or_sunday(client):
    saturday, sunday = days_of(When.WEEKEND, timezone.localdate())
    now = timezone.now()
    EventFactory(
        title="All weekend",
        timezone="UTC",
        is_all_day=True,
        starts_at=dt.datetime.combine(saturday, dt.time.min, dt.UTC),
        ends_at=dt.datetime.combine(sunday, dt.time.min, dt.UTC) + dt.timedelta(days=1),
    )
    EventFactory(title="In a month", starts_at=now + dt.timedelta(days=30))

    assert shelves(client)["This weekend"] == ["All weekend"]


def test_popular_shelf_is_by_places_taken_and_leaves_out_what_nobody_booked_or_can_book(client):
    for title, taken in (("Some", 3), ("Many", 9), ("None", 0), ("Sold out", 10)):
        TicketTypeFactory(event__title=title, taken=taken)
    half_sold_out = TicketTypeFactory(event__title="Half sold out", taken=10).event
    TicketTypeFactory(event=half_sold_out)
    with_places_for_friends = TicketTypeFactory(event__title="Left for friends", taken=10).event
    TicketTypeFactory(event=with_places_for_friends, is_hidden=True)

    assert shelves(client)["Popular right now"] == ["Half sold out", "Many", "Some"]


@pytest.mark.parametrize(
    "facts",
    [
        {"status": EventStatus.DRAFT},
        {"status": EventStatus.CANCELLED},
        {"starts_at": days_from_now(-9)},
    ],
)
def test_event_that_nobody_can_go_to_is_not_shown(client, facts):
    TicketTypeFactory(event=EventFactory(**facts), taken=3)
    TicketTypeFactory(event=EventFactory(title="Shown"), taken=3)

    response = client.get("/")

    assert shelves(client)["Coming up"] == shelves(client)["Popular right now"] == ["Shown"]
    assert [city.upcoming for city in response.context["cities"]] == [1]
    assert [category.upcoming for category in response.context["categories"]] == [1]


@pytest.mark.usefixtures("visitor")
def test_home_takes_as_many_queries_for_24_events_as_for_one(queries_of):
    TicketTypeFactory(taken=1)
    for_one = queries_of("/")
    for ticket_type in TicketTypeFactory.create_batch(23, taken=1):
        TicketTypeFactory(event=ticket_type.event)

    assert queries_of("/") == for_one <= MOST_QUERIES
