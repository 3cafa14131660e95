"""Embedding of events by other sites, as oembed.com has it."""

import re
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.conf import settings

from events.models import EventStatus
from tests.factories import EventFactory, TicketTypeFactory, days_from_now

pytestmark = pytest.mark.django_db


def ask(client, address, **parameters):
    query = "".join(f"&{name}={quote(str(value))}" for name, value in parameters.items())
    return client.get(f"/oembed?url={quote(address, safe='')}{query}")


def public(event):
    return f"{settings.PUBLIC_URL}{event.get_absolute_url()}"


def test_event_is_told_as_a_frame_with_its_title_host_and_picture(client):
    event = EventFactory(title='Fish & "Chips"', host__name="Blue Room")

    response = ask(client, public(event))

    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "public, max-age=300"
    answer = response.json()
    assert answer.pop("thumbnail_url").startswith(f"{public(event)}picture.png?v=")
    assert answer == {
        "version": "1.0",
        "type": "rich",
        "title": 'Fish & "Chips"',
        "author_name": "Blue Room",
        "author_url": f"{settings.PUBLIC_URL}/host/{event.host.slug}/",
        "provider_name": "EventMate",
        "provider_url": f"{settings.PUBLIC_URL}/",
        "cache_age": 3600,
        "width": 560,
        "height": 220,
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
        "html": (
            f'<blockquote><a href="{public(event)}">Fish &amp; &quot;Chips&quot;</a></blockquote>'
            f'<iframe src="{public(event)}embed/" title="Fish &amp; &quot;Chips&quot;"'
            ' width="560" height="220" loading="lazy"'
            ' sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
        ),
    }


def test_xml_says_the_same(client):
    event = EventFactory(title="Fish & <b>Chips</b>\x0b")

    response = ask(client, public(event), format="xml")

    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)  # noqa: S314  # ours
    told = {element.tag: element.text for element in root}
    expected = ask(client, public(event), format="json").json()
    assert root.tag == "oembed"
    assert told == {name: str(value).replace("\x0b", "") for name, value in expected.items()}


@pytest.mark.parametrize(
    ("asked", "size", "has_thumbnail"),
    [
        ({"maxwidth": 400}, (400, 220), False),
        ({"maxheight": 150}, (560, 150), False),
        ({"maxwidth": 2000, "maxheight": 630}, (560, 220), True),
        ({"maxwidth": 1, "maxheight": 1}, (1, 1), False),
    ],
)
def test_nothing_is_larger_than_asked_for(client, asked, size, has_thumbnail):
    answer = ask(client, public(EventFactory()), **asked).json()

    assert (answer["width"], answer["height"]) == size
    assert f'width="{size[0]}" height="{size[1]}"' in answer["html"]
    assert ("thumbnail_url" in answer) is has_thumbnail


@pytest.mark.parametrize("address", ["{}?fbclid=1", "{}#tickets", "{}?a=b#c"])
def test_what_follows_the_address_of_a_page_is_left_out(client, address):
    event = EventFactory()

    assert ask(client, address.format(public(event))).json()["title"] == event.title


def test_address_counts_with_and_without_tls_and_capitals(client, settings):
    settings.PUBLIC_URL = "https://events.example.org"
    event = EventFactory()

    answer = ask(client, f"HTTP://Events.Example.org{event.get_absolute_url()}").json()

    assert answer["title"] == event.title
    assert answer["provider_url"] == "https://events.example.org/"


@pytest.mark.parametrize(
    "address",
    [
        "{site}/event/never-was/",
        "{site}/event/{draft}/",
        "{site}/",
        "{site}/events/",
        "{site}/event/{slug}/event.ics",
        "https://elsewhere.example.org/event/{slug}/",
        "{site}.example.org/event/{slug}/",
        "ftp:{slug}",
        "/event/{slug}/",
        "{slug}",
        "\N{SNOWMAN}",
    ],
)
def test_what_is_no_public_event_of_ours_is_a_404(client, address):
    event = EventFactory()
    draft = EventFactory(status=EventStatus.DRAFT)
    client.force_login(draft.host.owner)
    assert ask(client, public(event)).status_code == 200

    site = settings.PUBLIC_URL
    asked = address.format(site=site, slug=event.slug, draft=draft.slug)

    assert ask(client, asked).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"format": "json"}, 200),
        ({"format": "yaml"}, 501),
        ({"format": "JSON"}, 501),
        ({"maxwidth": 99_999}, 200),
        ({"maxwidth": 0}, 400),
        ({"maxheight": "wide"}, 400),
        ({"maxwidth": "9" * 5000}, 400),
    ],
)
def test_other_formats_are_a_501_and_what_is_no_size_a_400(client, asked, status):
    assert ask(client, public(EventFactory()), **asked).status_code == status


def test_address_is_needed(client):
    assert client.get("/oembed").status_code == 400


def test_page_says_where_to_ask(client):
    event = EventFactory()
    html = client.get(event.get_absolute_url()).content.decode()

    for form, kind in (("json", "application/json+oembed"), ("xml", "text/xml+oembed")):
        (link,) = re.findall(rf'<link rel="alternate" type="{re.escape(kind)}"[^>]*>', html)
        (address,) = re.findall(r'href="([^"]*)"', link)
        path = address.replace("&amp;", "&").removeprefix(settings.PUBLIC_URL)
        assert f"format={form}" in path
        assert event.title in client.get(path).content.decode()


def test_card_may_be_framed_by_any_site_and_nothing_else_may(client):
    event = TicketTypeFactory(event__title="Late & Loud", price=12).event

    card = client.get(f"{event.get_absolute_url()}embed/")
    page = client.get(event.get_absolute_url())

    assert "frame-ancestors *" in card.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in card.headers
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"


def test_card_shows_facts_and_links_and_is_the_same_for_everybody(client):
    event = TicketTypeFactory(event__title="Late & Loud", price=12).event
    path = f"{event.get_absolute_url()}embed/"
    stranger = client.get(path)
    client.force_login(event.host.owner)

    response = client.get(path)

    assert response.content == stranger.content
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    html = response.content.decode()
    assert f'<a href="{public(event)}" target="_blank" rel="noopener">Late &amp; Loud</a>' in html
    assert "€12.00" in html
    assert '<meta name="robots" content="noindex">' in html
    for active in ("<form", "<button", "<script", "<input"):
        assert active not in html


@pytest.mark.parametrize(
    ("event", "ticket_type", "said"),
    [
        ({"status": EventStatus.CANCELLED}, {}, "Cancelled"),
        ({"starts_at": days_from_now(-3)}, {}, "Over"),
        ({}, {"taken": 10}, "Sold out"),
        ({}, {}, "Free"),
    ],
)
def test_card_says_how_it_stands(client, event, ticket_type, said):
    row = TicketTypeFactory(event=EventFactory(**event), **ticket_type)

    html = client.get(f"{row.event.get_absolute_url()}embed/").content.decode()

    assert f'<p class="state">{said}</p>' in html


@pytest.mark.parametrize("who", ["anonymous", "owner"])
def test_draft_has_no_card(client, who):
    draft = EventFactory(status=EventStatus.DRAFT)
    if who == "owner":
        client.force_login(draft.host.owner)

    assert client.get(f"{draft.get_absolute_url()}embed/").status_code == 404
