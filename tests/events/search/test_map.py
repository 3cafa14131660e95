"""A search as a map: what its points are. How it looks is in tests/e2e/test_map_view.py."""

import pytest

from events.search import facet_store, map_points
from events.search.facet_store import build_facet_index
from tests.factories import CityFactory, EventFactory, days_from_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def has_map(settings):
    settings.MAP_TILE_URL = "https://tile.example.org/{z}/{x}/{y}.png"


def ask(client, **query):
    response = client.get("/events/", {"view": "map"} | query)
    assert response.status_code == 200
    return response


def points(client, **query):
    return {
        tuple(point["position"]): (point["total"], [event["title"] for event in point["events"]])
        for point in ask(client, **query).context["map"].points
    }


def test_site_without_tiles_offers_no_map_and_shows_the_list(client):
    EventFactory(title="Jazz")
    response = ask(client)

    assert "map" not in response.context
    assert [event.title for event in response.context["page"].events] == ["Jazz"]
    assert 'data-key="view=map"' not in response.content.decode()


@pytest.mark.usefixtures("has_map")
class TestMap:
    def test_list_is_always_there(self, client):
        EventFactory(title="Jazz")
        html = ask(client).content.decode()

        assert html.count('<article class="card">') == 1
        assert 'id="map-points" type="application/json"' in html
        assert 'href="?view=map"' in html

    def test_few_events_are_one_by_one_where_they_are_the_soonest_first(self, client):
        hall = {"latitude": 52.50001, "longitude": 13.40001}
        EventFactory(title="Later", starts_at=days_from_now(9), **hall)
        EventFactory(title="Sooner", latitude=52.50002, longitude=13.40002)
        EventFactory(title="At its city", city__latitude=38.72, city__longitude=-9.14)
        EventFactory(title="Nowhere", city=None)

        assert points(client) == {
            (52.5, 13.4): (2, ["Sooner", "Later"]),
            (38.72, -9.14): (1, ["At its city"]),
        }

    def test_marker_names_a_few_events_and_says_how_many_there_are(self, client):
        EventFactory.create_batch(7, latitude=1, longitude=2)

        ((total, titles),) = points(client).values()
        assert (total, len(titles)) == (7, 5)

    def test_filters_hold(self, client):
        EventFactory(title="Fado", latitude=1, longitude=1)
        EventFactory(title="Jazz", latitude=2, longitude=2)

        assert points(client, q="fado") == {(1, 1): (1, ["Fado"])}

    @pytest.mark.parametrize("is_large", [False, True])
    @pytest.mark.parametrize("query", [{}, {"q": "piano"}])
    def test_many_events_are_counted_by_city(self, client, monkeypatch, is_large, query):
        monkeypatch.setattr(map_points, "FEW_EVENTS", 2)
        monkeypatch.setattr(map_points, "FEW_CITIES", 1)
        berlin = CityFactory(slug="berlin", name="Berlin", latitude=52.5, longitude=13.4)
        lisbon = CityFactory(slug="lisbon", name="Lisbon", latitude=38.7, longitude=-9.1)
        EventFactory.create_batch(3, city=berlin)
        EventFactory(city=lisbon)
        EventFactory(city=CityFactory(latitude=None, longitude=None))
        if is_large:
            monkeypatch.setattr(facet_store, "MOST_COUNTED", 0)
            assert build_facet_index()

        shown = ask(client, **query).context["map"]

        assert shown.has_cities
        assert [(point["title"], point["total"]) for point in shown.points] == [
            ("Berlin", 3),
            ("Lisbon", 1),
        ]
        inside = client.get("/events/" + shown.points[0]["url"])
        assert not inside.context["map"].has_cities
        assert len(inside.context["page"].events) == 3

    def test_title_cannot_break_out_of_the_data(self, client):
        EventFactory(title="</script><script>alert(1)</script>")

        assert "<script>alert" not in ask(client).content.decode()
