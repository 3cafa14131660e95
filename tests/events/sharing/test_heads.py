"""What the heads of public pages tell the sites that link to them."""

import html
import re

import pytest
from django.conf import settings

from events.models import EventStatus
from tests.factories import CategoryFactory, CityFactory, EventFactory, HostFactory

pytestmark = pytest.mark.django_db

NEEDED = {
    *("og:type", "og:title", "og:description", "og:url", "og:site_name"),
    *("og:image", "og:image:type", "og:image:width", "og:image:height", "og:image:alt"),
    "twitter:card",
}


def head_of(client, path: str) -> tuple[str, dict[str, str]]:
    """The canonical address, and what each property says first."""
    response = client.get(path)
    assert response.status_code == 200
    head = response.content.decode().partition("</head>")[0]
    (canonical,) = re.findall(r'<link rel="canonical" href="([^"]+)">', head)
    properties = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', head)
    told: dict[str, str] = {}
    for name, content in properties:
        told.setdefault(name, html.unescape(content))
    return canonical, told


@pytest.fixture
def paths() -> dict[str, str]:
    city = CityFactory(name="<b>Köln</b>")
    category = CategoryFactory(name="R&B", description="Soul & more.")
    host = HostFactory(name='"Blue" & Room')
    event = EventFactory(title="Fish & Chips", city=city, category=category, host=host)
    return {
        "home": "/",
        "list": "/events/",
        "city": city.get_absolute_url(),
        "category": category.get_absolute_url(),
        "host": host.get_absolute_url(),
        "event": event.get_absolute_url(),
    }


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("home", "Something good is on near you"),
        ("list", "Find an event"),
        ("city", "Events in <b>Köln</b>"),
        ("category", "R&B"),
        ("host", '"Blue" & Room'),
        ("event", "Fish & Chips"),
    ],
)
def test_each_public_page_has_one_address_and_a_card(client, paths, page, title):
    canonical, told = head_of(client, paths[page])

    assert canonical == told["og:url"] == f"{settings.PUBLIC_URL}{paths[page]}"
    assert told.keys() >= NEEDED
    assert all(told[name] for name in NEEDED)
    assert told["og:title"] == title
    assert told["twitter:card"] == "summary_large_image"
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    picture = client.get(told["og:image"].removeprefix(settings.PUBLIC_URL))
    assert picture.headers["Content-Type"] == "image/png"


@pytest.mark.parametrize("page", ["home", "list", "city", "category", "host", "event"])
def test_address_is_the_public_one_whatever_was_asked(client, paths, page, settings):
    settings.PUBLIC_URL = "https://events.example.org"

    canonical, told = head_of(client, f"{paths[page]}?utm_source=mail")

    assert canonical == f"https://events.example.org{paths[page]}"
    assert told["og:image"].startswith("https://events.example.org/")


def test_card_of_an_event_says_when_and_where(client):
    event = EventFactory(venue="Blue Room", city__name="Berlin", summary="Four musicians.")

    _, told = head_of(client, event.get_absolute_url())

    assert told["og:description"] == f"{event.schedule.dates}, Blue Room, Berlin. Four musicians."


@pytest.mark.parametrize("status", [EventStatus.PUBLISHED, EventStatus.CANCELLED])
def test_what_anybody_may_see_can_be_shared(client, status):
    assert head_of(client, EventFactory(status=status).get_absolute_url())
