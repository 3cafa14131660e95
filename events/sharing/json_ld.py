"""An event as schema.org has it, for search engines.

Google lists which properties it needs and likes: "Event (Event) structured data" in its Search
Central. tests/events/sharing/test_json_ld.py holds them.
"""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from events.availability import Availability, Offer, offer_of
from events.markdown import render_plain
from events.models import Event, SaleState, TicketType
from events.money import WITHOUT_CENTS
from events.sharing.addresses import public_address
from events.sharing.picture import picture_address

CONTEXT = "https://schema.org"
# What a text of JSON must not hold where HTML may take it for its own; all else but ASCII is
# behind a backslash already.
ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&"}
LONGEST_DESCRIPTION = 5000

AVAILABILITY = {
    SaleState.ON_SALE: "InStock",
    SaleState.SOLD_OUT: "SoldOut",
    SaleState.NOT_STARTED: "PreOrder",
    SaleState.CLOSED: "OutOfStock",
}
CLOSED_AS_A_WHOLE = frozenset({Availability.CANCELLED, Availability.OVER})

Node = dict[str, Any]


def script_of(event: Event) -> SafeString:
    """A block of data for the event's page. Browsers run none of it, so that no policy minds."""
    text = json.dumps(event_node(event)).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  # escaped


def event_node(event: Event) -> Node:
    """Of an event with all that its page shows, as ``for_detail`` loads it."""
    address = public_address(event.get_absolute_url())
    pictures = [public_address(picture.image.url) for picture in event.pictures]
    node = {
        "@context": CONTEXT,
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": event.title,
        "description": _description(event),
        "image": [*pictures, picture_address(event)],
        **_times(event),
        "eventStatus": f"{CONTEXT}/{'EventCancelled' if event.is_cancelled else 'EventScheduled'}",
        **_location(event),
        "organizer": {
            "@type": "Organization",
            "name": event.host.name,
            "url": public_address(event.host.get_absolute_url()),
        },
        **_offers(event, address),
        **_rating(event),
    }
    if event.language:
        names = [name.strip() for name in event.language.split(",")]
        node["inLanguage"] = [{"@type": "Language", "name": name} for name in names if name]
    return node


def _description(event: Event) -> str:
    text = event.summary or render_plain(event.description)
    return text[:LONGEST_DESCRIPTION] or event.title


def _times(event: Event) -> Node:
    """Of whole days, dates; else on the clock of the place, with its distance from UTC."""
    schedule = event.schedule
    if event.is_all_day:
        start, end = schedule.first_day.isoformat(), schedule.last_day.isoformat()
    else:
        start, end = schedule.start.isoformat(), schedule.end.isoformat()
    return {"startDate": start, "endDate": end}


def _location(event: Event) -> Node:
    online = {"@type": "VirtualLocation", "url": public_address(event.get_absolute_url())}
    if not (event.city or event.venue or event.address):
        if event.is_online:
            return {"eventAttendanceMode": _mode("Online"), "location": online}
        # What the page says. The address is required.
        unknown = "Place to be announced"
        place: Node = {"@type": "Place", "name": unknown, "address": unknown}
        return {"eventAttendanceMode": _mode("Offline"), "location": place}
    place = _place(event)
    if event.is_online:
        return {"eventAttendanceMode": _mode("Mixed"), "location": [place, online]}
    return {"eventAttendanceMode": _mode("Offline"), "location": place}


def _mode(name: str) -> str:
    return f"{CONTEXT}/{name}EventAttendanceMode"


def _place(event: Event) -> Node:
    address = {"@type": "PostalAddress"}
    if event.address or event.venue:
        address["streetAddress"] = event.address or event.venue
    if event.city:
        address["addressLocality"] = event.city.name
        address["addressRegion"] = event.city.region
        address["addressCountry"] = event.city.country_code
    name = event.venue or (event.city.name if event.city else event.address)
    place = {
        "@type": "Place",
        "name": name,
        "address": {key: value for key, value in address.items() if value},
    }
    if event.latitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": event.latitude,
            "longitude": event.longitude,
        }
    return place


def _offers(event: Event, address: str) -> Node:
    offer = offer_of(event)
    if not offer.ticket_types:
        return {}
    return {
        "isAccessibleForFree": not offer.has_paid,
        "offers": [_offer(offer, row, address) for row in offer.ticket_types],
    }


def _offer(offer: Offer, ticket_type: TicketType, address: str) -> Node:
    decimals = 0 if ticket_type.currency in WITHOUT_CENTS else 2
    node = {
        "@type": "Offer",
        "name": ticket_type.name,
        "url": f"{address}#tickets",
        "price": f"{ticket_type.price:.{decimals}f}",
        "priceCurrency": ticket_type.currency,
        "availability": f"{CONTEXT}/{_availability(offer, ticket_type)}",
        "validThrough": ticket_type.sales_close_at.isoformat(),
    }
    if ticket_type.sales_start:
        node["validFrom"] = ticket_type.sales_start.isoformat()
    return node


def _availability(offer: Offer, ticket_type: TicketType) -> str:
    if offer.availability in CLOSED_AS_A_WHOLE:
        return "OutOfStock"
    state = ticket_type.sale_state
    if state is SaleState.ON_SALE and not ticket_type.is_payable:
        return "OutOfStock"  # there is no way to pay for it here
    return AVAILABILITY[state]


def _rating(event: Event) -> Node:
    if not event.review_count or event.average_rating is None:
        return {}
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": round(event.average_rating, 2),
            "reviewCount": event.review_count,
            "bestRating": 5,
            "worstRating": 1,
        }
    }
