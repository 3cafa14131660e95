"""The list of events as a page: paging, cards, queries. What it filters is in test_filters.py."""

import re
from decimal import Decimal
from html import unescape

import pytest

from events.models import EventStatus
from events.search.orders import PAGE_SIZE
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

MOST_QUERIES = 10


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
OTHER_VIEWS = ["/events/?view=calendar", "/events/?view=map", "/events/?near=berlin&radius=5"]


@pytest.mark.parametrize("path", [*LISTS, *OTHER_VIEWS])
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
    second = client.get("/events/" + link(first, "next"))

    assert len(first.context["page"].events) == PAGE_SIZE
    assert len(second.context["page"].events) == 1
    assert "25 events" in first.content.decode()
    assert link(first, "next").startswith("?city=berlin&q=jazz&after=")
    assert link(second, "prev").startswith("?city=berlin&q=jazz&before=")
    assert not link(first, "prev")
    assert not link(second, "next")


@pytest.mark.parametrize("path", LISTS)
def test_pages_lead_through_all_events_and_back(client, place, path):
    for number, event in enumerate(EventFactory.create_batch(2 * PAGE_SIZE + 1, **place)):
        TicketTypeFactory(event=event, price=number % 5, taken=number % 7)
    base, _, _query = path.partition("?")

    pages = [client.get(path)]
    while following := link(pages[-1], "next"):
        pages.append(client.get(base + following))
    back = client.get(base + link(pages[-1], "prev"))

    seen = [[event.pk for event in page.context["page"].events] for page in pages]
    assert [len(page) for page in seen] == [PAGE_SIZE, PAGE_SIZE, 1]
    assert len({pk for page in seen for pk in page}) == 2 * PAGE_SIZE + 1
    assert [event.pk for event in back.context["page"].events] == seen[1]


def link(response, rel):
    """The address of the page around, or None."""
    found = re.search(rf'rel="{rel}" href="([^"]*)"', response.content.decode())
    return unescape(found[1]) if found else None


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize("cursor", ["0", "abc", "2026-12-01_1", "_", "1_" * 50, "9" * 5000])
def test_page_that_begins_nowhere_is_a_404(client, name, cursor):
    EventFactory()

    assert client.get("/events/", {name: cursor}).status_code == 404
    assert client.get("/events/", {name: ""}).status_code == 200


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

    assert [event.title for event in page.events] == ["To come"]


def test_place_that_is_not_known_yet_is_said(client):
    EventFactory(city=None, venue="", is_online=False)

    assert "Place to be announced" in card_of(client)
