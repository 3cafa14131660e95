"""Event data for search engines, against what schema.org and Google ask of it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from events.models import EventImage, EventStatus
from tests.events.sharing.schema_org import SCRIPT, node_of
from tests.factories import EventFactory, ReviewFactory, TicketTypeFactory, days_from_now

pytestmark = pytest.mark.django_db

DOT = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


def offers_of(node: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (offer["price"], offer["priceCurrency"], offer["availability"].rpartition("/")[2])
        for offer in node["offers"]
    ]


def test_free_event_is_described_in_full(client):
    event = EventFactory(
        title="Organ by Candlelight",
        summary="Bach, mostly.",
        starts_at=dt.datetime(2101, 12, 5, 1, 0, tzinfo=dt.UTC),
        timezone="America/New_York",
        venue="St. Ann's",
        address="Clinton St",
        city__name="Brooklyn",
        city__region="New York",
        city__country_code="US",
        host__name="Organ Society",
        language="English, German",
        latitude=40.69,
        longitude=-73.99,
    )
    TicketTypeFactory(event=event, name="Seat")
    address = f"{settings.PUBLIC_URL}/event/{event.slug}/"

    node = node_of(client, event)

    (picture,) = node.pop("image")
    assert picture.startswith(f"{address}picture.png?v=")
    (offer,) = node.pop("offers")
    assert offer.pop("validThrough") == "2101-12-05T01:00:00+00:00"
    assert offer == {
        "@type": "Offer",
        "name": "Seat",
        "url": f"{address}#tickets",
        "price": "0.00",
        "priceCurrency": "EUR",
        "availability": "https://schema.org/InStock",
    }
    assert node == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": "Organ by Candlelight",
        "description": "Bach, mostly.",
        "startDate": "2101-12-04T20:00:00-05:00",
        "endDate": "2101-12-04T23:00:00-05:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "St. Ann's",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "Clinton St",
                "addressLocality": "Brooklyn",
                "addressRegion": "New York",
                "addressCountry": "US",
            },
            "geo": {"@type": "GeoCoordinates", "latitude": 40.69, "longitude": -73.99},
        },
        "organizer": {
            "@type": "Organization",
            "name": "Organ Society",
            "url": f"{settings.PUBLIC_URL}/host/{event.host.slug}/",
        },
        "isAccessibleForFree": True,
        "inLanguage": [
            {"@type": "Language", "name": "English"},
            {"@type": "Language", "name": "German"},
        ],
    }


def test_each_visible_ticket_type_is_an_offer(client):
    event = EventFactory()
    TicketTypeFactory(event=event, price=Decimal("12.50"))
    TicketTypeFactory(event=event, price=Decimal(1500), currency="JPY")
    TicketTypeFactory(event=event, price=Decimal(1), is_hidden=True)

    node = node_of(client, event)

    assert offers_of(node) == [("12.50", "EUR", "InStock"), ("1500", "JPY", "InStock")]
    assert node["isAccessibleForFree"] is False


@pytest.mark.parametrize(
    ("event", "ticket_type", "availability"),
    [
        ({}, {}, "InStock"),
        ({}, {"taken": 10}, "SoldOut"),
        ({}, {"sales_start": days_from_now(1)}, "PreOrder"),
        ({}, {"sales_end": days_from_now(-1)}, "OutOfStock"),
        ({"status": EventStatus.CANCELLED}, {}, "OutOfStock"),
        ({"starts_at": days_from_now(-3)}, {"sales_end": days_from_now(1)}, "OutOfStock"),
        ({"allows_pay_at_door": False}, {"price": 5}, "OutOfStock"),
        ({"allows_pay_at_door": False}, {"price": 0}, "InStock"),
    ],
)
def test_offer_says_whether_it_can_be_had(client, event, ticket_type, availability):
    row = TicketTypeFactory(event=EventFactory(**event), **ticket_type)

    (offer,) = node_of(client, row.event)["offers"]

    assert offer["availability"] == f"https://schema.org/{availability}"


def test_offer_says_from_when_it_is_sold(client):
    starts = dt.datetime(2101, 6, 1, 8, 0, tzinfo=dt.UTC)
    row = TicketTypeFactory(event__starts_at=starts + dt.timedelta(days=9), sales_start=starts)

    (offer,) = node_of(client, row.event)["offers"]

    assert offer["validFrom"] == "2101-06-01T08:00:00+00:00"


def test_event_without_tickets_offers_none(client):
    node = node_of(client, EventFactory())

    assert "offers" not in node
    assert "isAccessibleForFree" not in node


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ({}, "EventScheduled"),
        ({"status": EventStatus.CANCELLED}, "EventCancelled"),
        ({"starts_at": days_from_now(-3)}, "EventScheduled"),
    ],
)
def test_status_is_said(client, event, status):
    assert node_of(client, EventFactory(**event))["eventStatus"] == f"https://schema.org/{status}"


NOWHERE = {"city": None, "venue": "", "address": ""}


@pytest.mark.parametrize(
    ("event", "mode", "types"),
    [
        ({}, "Offline", ["Place"]),
        ({**NOWHERE, "is_online": True}, "Online", ["VirtualLocation"]),
        ({"is_online": True}, "Mixed", ["Place", "VirtualLocation"]),
        ({**NOWHERE}, "Offline", ["Place"]),
        ({**NOWHERE, "venue": "Blue Room"}, "Offline", ["Place"]),
    ],
    ids=["place", "online", "hybrid", "not known yet", "no city"],
)
def test_where_it_is_and_how_to_attend_agree(client, event, mode, types):
    node = node_of(client, EventFactory(**event))

    locations = node["location"] if isinstance(node["location"], list) else [node["location"]]
    assert [location["@type"] for location in locations] == types
    assert node["eventAttendanceMode"] == f"https://schema.org/{mode}EventAttendanceMode"


def test_place_that_is_not_known_is_said_to_be(client):
    place = node_of(client, EventFactory(**NOWHERE))["location"]

    assert place["name"] == place["address"] == "Place to be announced"


@pytest.mark.parametrize(("days", "last"), [(1, "2101-05-01"), (3, "2101-05-03")])
def test_whole_days_are_dates_and_the_last_one_counts(client, days, last):
    start = dt.datetime(2101, 4, 30, 22, 0, tzinfo=dt.UTC)  # midnight in Berlin
    event = EventFactory(is_all_day=True, starts_at=start, ends_at=start + dt.timedelta(days=days))

    node = node_of(client, event)

    assert (node["startDate"], node["endDate"]) == ("2101-05-01", last)


def test_several_days_have_both_ends_with_their_own_offset(client):
    start = dt.datetime(2101, 10, 29, 8, 0, tzinfo=dt.UTC)  # the clock changes on the 30th
    event = EventFactory(starts_at=start, ends_at=start + dt.timedelta(days=2))

    node = node_of(client, event)

    assert node["startDate"] == "2101-10-29T10:00:00+02:00"
    assert node["endDate"] == "2101-10-31T09:00:00+01:00"


def test_reviews_are_counted(client):
    event = EventFactory(starts_at=days_from_now(-3))
    assert "aggregateRating" not in node_of(client, event)
    for rating in (5, 4, 4):
        ReviewFactory(event=event, rating=rating)

    rating = node_of(client, event)["aggregateRating"]

    assert (rating["ratingValue"], rating["reviewCount"]) == (4.33, 3)
    assert (rating["worstRating"], rating["bestRating"]) == (1, 5)


def test_description_is_the_text_alone_where_there_is_no_summary(client):
    event = EventFactory(summary="", description="# Programme\n\nBach & *others*, <b>free</b>.")

    assert node_of(client, event)["description"] == "Programme Bach & others, <b>free</b>."


def test_uploaded_pictures_come_first(client):
    event = EventFactory()
    image = EventImage.objects.create(
        event=event, image=ContentFile(DOT, "dot.gif"), alt_text="Stage"
    )

    pictures = node_of(client, event)["image"]

    assert pictures[0] == f"{settings.PUBLIC_URL}{image.image.url}"
    assert "/picture.png?v=" in pictures[1]


def test_text_cannot_end_the_script(client):
    title = "</script><!-- <script>alert(1) ]]> \u2028 & É"
    event = EventFactory(title=title, summary=title, host__name="</SCRIPT >")

    html = client.get(event.get_absolute_url()).content.decode()
    (script,) = SCRIPT.findall(html)

    assert not set(script) & {"<", ">", "&", "\u2028"}
    assert node_of(client, event)["name"] == title


def test_draft_tells_machines_nothing(client):
    draft = EventFactory(status=EventStatus.DRAFT)
    client.force_login(draft.host.owner)

    html = client.get(draft.get_absolute_url()).content.decode()

    assert '<meta name="robots" content="noindex">' in html
    for told in ("ld+json", "og:", "twitter:", "oembed", 'rel="canonical"'):
        assert told not in html
