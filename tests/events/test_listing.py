"""The list of events as a page: paging, cards, queries. What it filters is in test_filters.py."""

from decimal import Decimal

import pytest

from events.models import EventStatus
from events.paging import PAGE_SIZE
from tests.factories import (
    CategoryFactory,
    CityFactory,
    EventFactory,
    FavoriteFactory,
    HostFactory,
    TicketTypeFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db

MOST_QUERIES = 6


@pytest.fixture
def place():
    """What all events of a test share, so that each kind of list shows all of them."""
    return {
        "city": CityFactory(slug="berlin", name="Berlin"),
        "category": CategoryFactory(slug="jazz", name="Jazz"),
        "host": HostFactory(slug="blue-room"),
    }


LISTS = [
    *["/events/", "/events/?city=berlin&category=jazz&min_price=0&sort=popular&when=month"],
    *["/events/?q=jazz&location=berlin", "/events/?sort=-price", "/events/?city=berlin"],
    *["/city/berlin/", "/category/jazz/", "/host/blue-room/"],
]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("logged_in", [False, True])
def test_list_takes_as_many_queries_for_24_events_as_for_one(
    request, queries_of, place, path, logged_in
):
    if logged_in:
        request.getfixturevalue("visitor")
    TicketTypeFactory(event=EventFactory(**place))
    for_one = queries_of(path)
    for event in EventFactory.create_batch(PAGE_SIZE - 1, **place):
        TicketTypeFactory.create_batch(2, event=event)

    assert queries_of(path) == for_one <= MOST_QUERIES


def test_list_has_24_events_a_page_and_keeps_its_filters(client, place):
    EventFactory.create_batch(PAGE_SIZE + 1, **place)

    first = client.get("/events/?city=berlin&q=jazz")
    second = client.get("/events/?city=berlin&q=jazz&page=2")

    assert len(first.context["page"]) == PAGE_SIZE
    assert len(second.context["page"]) == 1
    assert "25 events" in first.content.decode()
    assert 'href="?city=berlin&amp;q=jazz&amp;page=2"' in first.content.decode()
    assert 'href="?city=berlin&amp;q=jazz&amp;page=1"' in second.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "2", "abc", "1e3", "9" * 5000])
def test_page_that_is_not_there_is_a_404(client, number):
    EventFactory()

    assert client.get("/events/", {"page": "1"}).status_code == 200
    assert client.get("/events/", {"page": number}).status_code == 404


def card_of(client):
    html = client.get("/events/").content.decode()
    return html[html.index('<article class="card">') : html.index("</article>")]


def test_card_says_what_when_where_how_much_and_how_many_left(client):
    event = EventFactory(
        title="Organ by Candlelight",
        venue="Town Hall",
        city__name="Lisbon",
        timezone="Asia/Kolkata",
        starts_at=days_from_now(7, hour=20, zone="Asia/Kolkata"),
    )
    TicketTypeFactory(event=event, price=Decimal("12.5"), capacity=10, taken=3)
    TicketTypeFactory(event=event, price=30, capacity=60)

    card = card_of(client)

    assert "Organ by Candlelight" in card
    assert "20:00 IST" in card
    assert "Town Hall, Lisbon" in card
    assert "From €12.50" in card
    assert "67 places left" in card
    assert f"/covers/{event.category.slug}/{event.slug}.svg" in card


@pytest.mark.parametrize(("taken", "said"), [(3, "7 left"), (10, "Sold out"), (0, "10 left")])
def test_card_says_when_few_places_or_none_are_left(client, taken, said):
    TicketTypeFactory(capacity=10, taken=taken)

    assert said in card_of(client)


def test_hidden_ticket_types_are_not_counted(client):
    shown = TicketTypeFactory(capacity=100, price=20)
    TicketTypeFactory(event=shown.event, capacity=50, price=5, is_hidden=True)

    card = card_of(client)

    assert "€20.00" in card
    assert "100 places left" in card


def test_only_own_favourites_are_marked(client, visitor):
    event = FavoriteFactory().event

    assert "Among your favourites" not in card_of(client)
    FavoriteFactory(event=event, user=visitor)
    assert "Among your favourites" in card_of(client)


def test_only_published_and_upcoming_events_are_listed(client):
    EventFactory(title="Draft", status=EventStatus.DRAFT)
    EventFactory(title="Cancelled", status=EventStatus.CANCELLED)
    EventFactory(title="Over", starts_at=days_from_now(-3))
    EventFactory(title="To come")

    page = client.get("/events/").context["page"]

    assert [event.title for event in page] == ["To come"]


def test_place_that_is_not_known_yet_is_said(client):
    EventFactory(city=None, venue="", is_online=False)

    assert "Place to be announced" in card_of(client)
