"""Any search as news, read by an XML parser that knows nothing of Django."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils import timezone

from events.models import Event, EventStatus
from events.services.publishing import publish_event
from tests.factories import CityFactory, EventFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client, query=""):
    response = client.get(f"/events.atom{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314  # our own


def entries(client, query=""):
    return feed(client, query).findall(f"{ATOM}entry")


def text(element, name):
    return element.findtext(f"{ATOM}{name}")


def titles(client, query=""):
    return [text(entry, "title") for entry in entries(client, query)]


def link(element, rel):
    [found] = [one for one in element.findall(f"{ATOM}link") if one.get("rel") == rel]
    return found.get("href")


def test_feed_has_what_the_format_requires(client):
    CityFactory(slug="berlin", name="Berlin")
    event = EventFactory(city__slug="berlin-2")

    root = feed(client, f"?city={event.city.slug}&sort=price")

    own = f"{settings.PUBLIC_URL}/events.atom?city=berlin-2"
    assert root.tag == f"{ATOM}feed"
    assert text(root, "id") == link(root, "self") == own
    assert link(root, "alternate") == f"{settings.PUBLIC_URL}/events/?city=berlin-2"
    assert text(root, "title") == f"{event.city.name} · EventMate"
    assert text(root, "subtitle") == "The latest 100 events at most."
    assert text(root.find(f"{ATOM}author"), "name") == "EventMate"
    [entry] = root.findall(f"{ATOM}entry")
    assert dt.datetime.fromisoformat(text(root, "updated")).tzinfo
    assert text(entry, "updated") == text(root, "updated")
    assert text(entry, "title") == event.title
    assert link(entry, "alternate") == f"{settings.PUBLIC_URL}/event/{event.slug}/"
    assert text(entry.find(f"{ATOM}author"), "name") == event.host.name
    assert entry.find(f"{ATOM}category").get("term") == event.category.name


def test_what_was_listed_last_comes_first(client):
    draft = EventFactory(title="Made first, published last", status=EventStatus.DRAFT)
    EventFactory(title="One")
    EventFactory(title="Two")
    publish_event(event=draft)

    assert titles(client) == ["Made first, published last", "Two", "One"]


def test_entry_keeps_its_id_and_is_updated_when_the_event_changes(client):
    event = EventFactory()
    [before] = entries(client)

    Event.objects.filter(pk=event.pk).update(
        slug="another", updated_at=timezone.now() + dt.timedelta(minutes=1)
    )

    [after] = entries(client)
    assert text(after, "id") == text(before, "id")
    assert text(after, "id").startswith("tag:")
    assert text(after, "published") == text(before, "published")
    assert text(after, "updated") > text(before, "updated")


def test_imported_uid_of_any_kind_makes_an_id(client):
    EventFactory(uid="Ünï <x>/@example.org?a=b")

    [entry] = entries(client)

    assert text(entry, "id").isascii()
    assert text(entry, "id").endswith(":event/%C3%9Cn%C3%AF%20%3Cx%3E%2F%40example.org%3Fa%3Db")


def test_summary_says_when_where_and_how_much_and_is_safe(client):
    event = TicketTypeFactory(
        price=12,
        event__title="<b>Tea</b> & \x0bJazz",
        event__summary="<script>alert(1)</script>",
    ).event

    [entry] = entries(client)

    assert text(entry, "title") == "<b>Tea</b> & Jazz"
    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert str(event.schedule) in summary.text
    assert "Blue Room" in summary.text
    assert "12" in summary.text
    assert "<script" not in summary.text
    assert "&lt;script" in summary.text


def test_feed_without_events_is_valid_and_does_not_change_by_itself(client):
    first = client.get("/events.atom")

    assert text(feed(client), "updated")
    again = client.get("/events.atom", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_drafts_are_no_news(client):
    EventFactory(status=EventStatus.DRAFT)

    assert entries(client) == []


def test_number_of_queries_is_the_same_for_one_event_and_for_ten(
    client, django_assert_max_num_queries
):
    EventFactory()
    client.get("/events.atom")
    for number in range(10):
        with django_assert_max_num_queries(3):  # what matches, the events, their tickets
            client.get("/events.atom")
        EventFactory(title=f"Another {number}")
