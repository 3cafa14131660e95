"""The card of an event, which is formatted in Python: events/templatetags/cards.py."""

import re

import pytest

from events.models import EventImage, EventStatus
from tests.factories import (
    CityFactory,
    EventFactory,
    EventImageFactory,
    FavoriteFactory,
    TicketTypeFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db

HOSTILE = """<script>alert("1")</script> & 'co' {0} {title} %s"""
ESCAPED = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#x27;co&#x27; {0} {title} %s"


BADGE = re.compile(r'<span class="badge([^"]*)">([^<]*)</span>')


def badges_in(card):
    return BADGE.findall(card)


def card_of(client, path="/events/"):
    html = client.get(path).content.decode()
    return html[html.index('<article class="card">') : html.index("</article>")]


def test_card_shows_what_hosts_wrote_as_text(client):
    city = CityFactory(name=f"City {HOSTILE}")
    event = EventFactory(title=f"Title {HOSTILE}", venue=f"Venue {HOSTILE}", city=city)
    TicketTypeFactory(event=event, price=5, currency="<b>")

    card = card_of(client)

    for word in ("Title", "Venue", "City"):
        assert f"{word} {ESCAPED}" in card
    assert "&lt;b&gt;\N{NO-BREAK SPACE}5.00" in card
    assert "<script" not in card
    assert "<b>" not in card


def test_card_shows_the_first_picture_in_sizes_up_to_960_pixels(client):
    event = EventFactory()
    image = EventImageFactory(event=event)
    EventImage.objects.filter(pk=image.pk).update(image='a"b.jpg', widths=[320, 960, 1280])

    card = card_of(client)

    stem = "/media/a%22b"
    for kind in ("avif", "webp"):
        srcset = f"{stem}-320.{kind} 320w, {stem}-960.{kind} 960w"
        assert f'<source type="image/{kind}" srcset="{srcset}" sizes="(min-width: 48rem)' in card
    assert f'<img src="{stem}.jpg" alt="" width="1200" height="675" loading="lazy"' in card


def test_card_has_no_more_to_tell_of_an_event_that_can_be_booked(client):
    TicketTypeFactory(capacity=100)

    assert badges_in(card_of(client)) == []


@pytest.mark.parametrize(
    ("event", "ticket_type", "badge"),
    [
        ({"status": EventStatus.CANCELLED}, {}, (" cancelled", "Cancelled")),
        ({"starts_at": days_from_now(-3)}, {}, (" past", "Past event")),
        ({}, {"taken": 100}, (" sold-out", "Sold out")),
        ({}, {"taken": 97}, (" few-left", "3 left")),
        ({}, {"sales_start": days_from_now(1)}, ("", "On sale soon")),
        ({}, {"sales_end": days_from_now(-1)}, (" past", "Sales have ended")),
    ],
)
def test_card_says_how_an_event_stands(client, visitor, event, ticket_type, badge):
    kept = FavoriteFactory(user=visitor, event=EventFactory(**event)).event
    TicketTypeFactory(event=kept, capacity=100, **ticket_type)

    assert badges_in(card_of(client, "/favorites/")) == [badge]


def test_event_that_cannot_be_paid_has_a_price_and_no_places(client):
    TicketTypeFactory(event=EventFactory(allows_pay_at_door=False), price=5)

    card = card_of(client)

    assert "€5.00" in card
    assert "left" not in card
    assert badges_in(card) == []
