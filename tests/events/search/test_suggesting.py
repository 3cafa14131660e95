import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from events.models import EventStatus, Listing
from events.search import suggesting
from events.search.kept_names import forget_names
from tests.factories import CityFactory, EventFactory, days_from_now

pytestmark = pytest.mark.django_db

OPTION = re.compile(r'<li role="option"[^>]*?(?P<data>data-[^>]+)>\s*<span>(?P<name>[^<]*)</span>')
MOST_QUERIES = 8


def suggested(client, text):
    """The names of the options, by the kind of what choosing them does."""
    response = client.get("/events/suggest/", {"q": text})
    assert response.status_code == 200
    found: dict[str, list[str]] = {}
    for option in OPTION.finditer(response.content.decode()):
        kind = re.search(r'data-filter="(\w+)"', option["data"])
        found.setdefault(kind[1] if kind else "event", []).append(option["name"])
    return found


def popular_event(title):
    event = EventFactory(title=title)
    Listing.objects.filter(event=event).update(popularity=9)


def test_event_is_suggested_by_the_beginning_of_its_title_and_by_words_inside(client):
    event = EventFactory(title="Café Concert: Jazz & Wine", slug="cafe-concert")

    for text in ("cafe con", "Café", "jazz", "wine conc", "JAZZ & WI"):
        assert suggested(client, text)["event"] == [escape(event.title)]
    assert "event" not in suggested(client, "concerto")


def test_option_leads_to_the_event_and_says_when_and_where(client):
    EventFactory(title="Open Mic", slug="open-mic", city__name="Lyon")

    content = client.get("/events/suggest/?q=open").content.decode()

    assert 'data-url="/event/open-mic/"' in content
    assert re.search(r"<small>\w{3} \d+ \w{3} \d{4} · Lyon</small>", content)


def test_titles_that_begin_so_come_first_and_then_what_is_popular(client):
    EventFactory(title="Late Jazz")
    EventFactory(title="Jazz Walk")
    popular_event("Jazz Brunch")

    assert suggested(client, "jazz")["event"] == ["Jazz Brunch", "Jazz Walk", "Late Jazz"]


def test_of_events_with_the_same_title_the_next_stands_for_all(client):
    EventFactory(title="Open Mic", slug="later", starts_at=days_from_now(9))
    EventFactory(title="Open Mic", slug="sooner", starts_at=days_from_now(2))

    content = client.get("/events/suggest/?q=open").content.decode()

    assert content.count('role="option"') == 1
    assert "/event/sooner/" in content


def test_what_nobody_can_go_to_is_not_suggested(client):
    EventFactory(title="Opera draft", status=EventStatus.DRAFT)
    EventFactory(title="Opera over", starts_at=days_from_now(-9))

    assert suggested(client, "opera") == {}


def test_common_words_are_looked_for_among_the_most_popular(client, monkeypatch):
    EventFactory(title="Late Night Jazz")
    popular_event("Summer Jazz in the Park")
    monkeypatch.setattr(suggesting, "RARE", 0)

    assert suggested(client, "jazz in the pa")["event"] == ["Summer Jazz in the Park"]
    assert suggested(client, "night j")["event"] == ["Late Night Jazz"]
    monkeypatch.setattr(suggesting, "MOST_POPULAR", 1)
    assert "event" not in suggested(client, "night j")


def test_city_is_suggested_by_its_names_and_despite_a_slip(client):
    EventFactory(city__name="Köln", city__slug="koeln", city__aliases="Cologne, Colonia")
    EventFactory(city__name="New York", city__slug="new-york", city__country="United States")
    forget_names()

    for text in ("kö", "koln", "koel", "colog", "kölnn", "collogne"):
        assert suggested(client, text)["city"] == ["Köln"], text
    for text in ("new y", "york"):
        assert suggested(client, text)["city"] == ["New York"], text
    assert "city" not in suggested(client, "kong")


def test_largest_come_first_and_the_names_of_all_kinds_are_suggested(client):
    EventFactory.create_batch(2, city=CityFactory(name="Munich", slug="munich"))
    EventFactory(
        title="Muse",
        city__name="Munster",
        category__name="Music",
        host__name="Museum of Light",
    )

    assert suggested(client, "mu") == {
        "event": ["Muse"],
        "city": ["Munich", "Munster"],
        "category": ["Music"],
        "host": ["Museum of Light"],
    }


@pytest.mark.parametrize("text", ["", "j", " ", "?!", "%", "__", "xylophone", "(((", "\\m", "'"])
def test_nothing_is_suggested_where_nothing_can_be(client, text):
    EventFactory(title="Jazz")

    assert suggested(client, text) == {}


def test_text_is_escaped(client):
    EventFactory(title="Jam <b>now</b>", host__name="Jam <i>Inc</i>")

    content = client.get("/events/suggest/?q=jam").content.decode()

    assert "<b>" not in content
    assert "<i>" not in content
    assert "Jam &lt;b&gt;now" in content


def test_suggestions_are_the_same_for_everyone_and_may_be_kept(client, visitor):
    EventFactory(title="Jazz")

    response = client.get("/events/suggest/?q=jazz")

    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in response.get("Vary", "")


def test_suggestions_take_as_many_queries_for_ten_events_as_for_one(client):
    def queries():
        client.get("/events/suggest/?q=jazz")  # what is kept for a while is kept now
        with CaptureQueriesContext(connection) as captured:
            client.get("/events/suggest/?q=jazz")
        return len(captured)

    EventFactory(title="Late Night Jazz")
    for_one = queries()
    EventFactory.create_batch(9)

    assert queries() <= for_one <= MOST_QUERIES
