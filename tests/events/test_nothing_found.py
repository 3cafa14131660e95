"""A search that nothing matches leads on."""

import pytest

from tests.factories import (
    CategoryFactory,
    CityFactory,
    EventFactory,
    TicketTypeFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def programme():
    """Jazz in Potsdam in three days for 20 euros, and free poetry in Berlin in a month."""
    berlin = CityFactory(name="Berlin", slug="berlin", latitude=52.52, longitude=13.4)
    potsdam = CityFactory(name="Potsdam", slug="potsdam", latitude=52.4, longitude=13.06)
    for title, city, days, price in (("Late Jazz", potsdam, 3, 20), ("Open Poetry", berlin, 30, 0)):
        event = EventFactory(
            title=title,
            city=city,
            category=CategoryFactory(name=title.split()[1]),
            host__name="House",
            starts_at=days_from_now(days),
        )
        TicketTypeFactory(event=event, price=price)


def alternatives(client, query):
    return client.get(f"/events/?{query}").context["alternatives"]


def shown(others):
    return {other.label: (other.url, str(other.total)) for other in others}


def test_each_filter_without_which_there_is_something_can_be_dropped(client):
    found = alternatives(client, "city=potsdam&max_price=0")

    assert shown(found.without) == {
        "Free": ("?city=potsdam", "1"),
        "Potsdam": ("?max_price=0", "1"),
    }
    assert found.alone == []


def test_where_one_filter_less_is_not_enough_each_is_offered_alone(client):
    found = alternatives(
        client, "q=poetry&exact=1&city=potsdam&max_price=20&when=week&access=step-free"
    )

    assert found.without == []
    assert shown(found.alone) == {
        "“poetry”": ("?q=poetry&exact=1", "1"),
        "Potsdam": ("?city=potsdam", "1"),
        "Price up to 20": ("?max_price=20", "2"),
        "Next 7 days": ("?when=week", "1"),
    }


def test_alone_a_distance_keeps_its_radius(client):
    found = alternatives(client, "near=berlin&radius=50&max_price=0&when=week&access=step-free")

    assert shown(found.alone)["Within 50 km of Berlin"] == ("?near=berlin&radius=50", "2")


def test_cities_nearby_that_have_something_are_offered(client):
    found = alternatives(client, "q=jazz&city=berlin")

    assert shown(found.nearby) == {"Potsdam": ("?q=jazz&city=potsdam", "1")}


def test_what_is_on_other_days_is_shown(client):
    found = alternatives(client, "city=berlin&when=week")

    assert [event.title for event in found.other_days] == ["Open Poetry"]


def test_ways_on_are_links(client):
    html = client.get("/events/?q=jazz&city=berlin&max_price=0&when=tomorrow").content.decode()

    assert "By itself, each of these finds something" in html
    assert 'href="?q=jazz"' in html
