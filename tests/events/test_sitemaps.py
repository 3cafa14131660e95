"""What search engines are told of: every public page, and nothing else."""

import datetime as dt
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import sitemaps
from events.models import Event, EventStatus
from tests.eventmate.addresses import PAGES
from tests.eventmate.site import build_site
from tests.factories import (
    CategoryFactory,
    CityFactory,
    EventFactory,
    HostFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db

PREFIX = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def no_kept_index(monkeypatch) -> None:
    monkeypatch.setattr(sitemaps, "INDEX_SECONDS", 0)
    cache.delete(sitemaps.INDEX_KEY)


def entries_of(client, path: str) -> dict[str, str | None]:
    """The addresses on this site, each with its time."""
    response = client.get(path)
    assert response.status_code == 200, path
    assert response.headers["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(response.content)  # noqa: S314  # ours
    assert root.tag in (f"{PREFIX}sitemapindex", f"{PREFIX}urlset")
    found = {}
    for entry in root:
        address = entry.findtext(f"{PREFIX}loc")
        assert address.startswith(f"{settings.PUBLIC_URL}/")
        found[address.removeprefix(settings.PUBLIC_URL)] = entry.findtext(f"{PREFIX}lastmod")
    return found


def pages_of(client) -> dict[str, str | None]:
    """All that the index leads to, each page in one part only."""
    pages: dict[str, str | None] = {}
    for part in entries_of(client, "/sitemap.xml"):
        found = entries_of(client, part)
        assert found, part
        assert not pages.keys() & found.keys()
        pages |= found
    return pages


def test_all_public_pages_are_listed_and_drafts_are_not(client):
    upcoming = EventFactory()
    others = {
        "past": EventFactory(starts_at=days_from_now(-9), host=upcoming.host, city=None),
        "cancelled": EventFactory(
            status=EventStatus.CANCELLED, host=upcoming.host, city=upcoming.city
        ),
    }
    draft = EventFactory(status=EventStatus.DRAFT)
    CityFactory()
    CategoryFactory()
    HostFactory()

    pages = pages_of(client)

    assert pages.keys() == {
        "/",
        "/events/",
        upcoming.get_absolute_url(),
        others["past"].get_absolute_url(),
        others["cancelled"].get_absolute_url(),
        upcoming.city.get_absolute_url(),
        upcoming.category.get_absolute_url(),
        others["past"].category.get_absolute_url(),
        upcoming.host.get_absolute_url(),
    }
    assert draft.get_absolute_url() not in pages
    assert all(client.get(path).status_code == 200 for path in pages)


def test_parts_hold_ranges_of_primary_keys_and_say_when_they_changed(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "IN_PART", 10)
    for pk in (1_000_003, 1_000_007, 1_000_009, 1_000_010, 1_000_045):
        event = EventFactory(pk=pk)
        changed = dt.datetime(2026, 1, pk % 100 // 2 + 1, 12, 30, tzinfo=dt.UTC)
        Event.objects.filter(pk=pk).update(updated_at=changed)
        path = event.get_absolute_url()
    EventFactory(pk=1_000_021, status=EventStatus.DRAFT)

    index = entries_of(client, "/sitemap.xml")

    parts = {part: time for part, time in index.items() if part.startswith("/sitemaps/events-")}
    assert parts == {
        "/sitemaps/events-100000.xml": "2026-01-05T12:30:00Z",
        "/sitemaps/events-100001.xml": "2026-01-06T12:30:00Z",
        "/sitemaps/events-100004.xml": "2026-01-23T12:30:00Z",
    }
    assert entries_of(client, "/sitemaps/events-100004.xml") == {path: "2026-01-23T12:30:00Z"}
    assert len(entries_of(client, "/sitemaps/events-100000.xml")) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/sitemaps/events-9.xml",
        "/sitemaps/events-99999999999999999999999.xml",
        "/sitemaps/pages-1.xml",
        "/sitemaps/users-0.xml",
        "/sitemaps/events.xml",
    ],
)
def test_part_that_holds_nothing_is_a_404(client, path):
    EventFactory()

    assert client.get("/sitemaps/pages-0.xml").status_code == 200
    assert client.get(path).status_code == 404


def test_part_is_one_query_that_skips_nothing_and_counts_nothing(client):
    pk = EventFactory().pk
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/sitemaps/events-{pk // sitemaps.IN_PART}.xml")

    (query,) = (row["sql"] for row in captured)
    assert "OFFSET" not in query
    assert "COUNT" not in query


def test_index_is_read_from_the_database_once_in_ten_minutes(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "INDEX_SECONDS", 600)
    EventFactory()
    first = client.get("/sitemap.xml").content

    with CaptureQueriesContext(connection) as captured:
        again = client.get("/sitemap.xml").content

    cache.delete(sitemaps.INDEX_KEY)
    assert again == first
    assert len(captured) == 0


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemaps/pages-0.xml"])
def test_sitemap_that_is_known_is_not_sent_again(client, path):
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=3600"
    assert "Cookie" not in first.headers.get("Vary", "")
    assert (again.status_code, again.content) == (304, b"")


def test_robots_are_led_to_the_sitemap_and_kept_off_what_is_private_or_endless(client):
    response = client.get("/robots.txt")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    text = response.content.decode()
    assert f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml\n" in text
    disallowed = {
        line.removeprefix("Disallow: ") for line in text.splitlines() if "Disallow" in line
    }
    assert disallowed >= {
        *("/accounts/", "/admin/", "/bookings/", "/hosting/", "/tickets/", "/event/*/book/"),
        *("/events/?*", "/city/*?", "/category/*?", "/host/*?"),
    }


def test_robots_may_read_all_that_sitemaps_list_and_pictures(client):
    build_site()
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").content.decode().splitlines())
    pages = [*pages_of(client), "/event/jazz/picture.png", "/picture.png", "/static/css/theme.css"]

    assert all(robots.can_fetch("Googlebot", path) for path in pages)
    private = [path for path in PAGES if path.startswith(("/bookings/", "/accounts/", "/tickets/"))]
    assert private
    assert not any(robots.can_fetch("Googlebot", path) for path in private)
