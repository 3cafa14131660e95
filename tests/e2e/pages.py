"""Every page of a ticket's life at once, for the tests that look at pages only.

Runs beside the live site, in `manage.py shell`.
"""

import json
import uuid

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from bookings.access import booking_link, ticket_link, waitlist_link
from bookings.actors import Actor
from bookings.models import Booking, MessageState, WaitlistEntry
from bookings.services.booking import cancel_booking
from bookings.services.holding import hold_places
from bookings.services.notices import cancel_event_and_bookings, carry_out
from bookings.services.tickets import send_on_ticket
from bookings.services.waitlist import join_waitlist, offer_places
from events.models import Host, TicketStock, TicketType
from tests.e2e.stage import with_buyers, with_one_seat, with_promo_code
from tests.factories import BookingFactory

LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff Maximiliana"


def stage() -> str:
    """JSON: the paths by what they show, and the address of the host's owner."""
    standing = with_promo_code("grand-rehearsal", max_tickets_per_booking=8)
    event = standing.event
    booking = BookingFactory(event=event, tickets=[standing] * 2, name=LONG_NAME)
    hosted = [event.slug]
    paths = {
        "login": reverse("account_login"),
        "owner": event.host.owner.email,
        "choose": reverse("bookings:create", args=hosted) + "?code=FRIENDS",
        "choose, unknown code": reverse("bookings:create", args=hosted) + "?code=NONSENSE",
        "confirm": booking_link(_hold(standing), "bookings:confirm"),
        "booking": booking_link(booking),
        "cancel": booking_link(booking, "bookings:cancel"),
        "booking, cancelled": booking_link(_cancelled(standing)),
        "rename": booking_link(booking, "bookings:rename"),
        "hosted bookings": reverse("bookings:hosted_bookings", args=hosted),
        "hosted cancel event": reverse("bookings:hosted_cancel_event", args=hosted),
        "hosted booking": reverse("bookings:hosted_booking", args=[event.slug, booking]),
        "hosted cancel booking": reverse(
            "bookings:hosted_cancel_booking", args=[event.slug, booking]
        ),
    }
    return json.dumps(paths | _ticket(booking) | _line() | _notices(event.host))


def _hold(ticket_type: TicketType) -> Booking:
    return hold_places(
        event=ticket_type.event,
        quantities={ticket_type.pk: 2},
        idempotency_key=uuid.uuid4(),
        promo_code="FRIENDS",
    )


def _cancelled(ticket_type: TicketType) -> Booking:
    booking = BookingFactory(event=ticket_type.event, tickets=[ticket_type])
    return cancel_booking(booking=booking, by=Actor.host(ticket_type.event.host.owner))


def _ticket(booking: Booking) -> dict[str, str]:
    kept, passed_on = booking.tickets.all()
    old_link = ticket_link(passed_on)
    buyer = Actor.host(booking.event.host.owner)
    send_on_ticket(ticket=passed_on, name="Bo", email="bo@grand.example.com", by=buyer)
    return {
        "ticket": ticket_link(kept),
        "ticket, sent on": old_link,
        "send on": ticket_link(kept, "bookings:send_on"),
    }


def _line() -> dict[str, str]:
    seat = with_one_seat("small-rehearsal")
    TicketStock.objects.filter(pk=seat.pk).update(taken=F("capacity"))
    first, second = (_waits(seat, name) for name in ("Ada", "Bo"))
    TicketStock.objects.filter(pk=seat.pk).update(taken=0)
    offer_places()
    first.refresh_from_db()
    assert first.offer is not None
    return {
        "choose, sold out": reverse("bookings:create", args=[seat.event.slug]),
        "join": reverse("bookings:join_waitlist", args=[seat.event.slug, seat.pk]),
        "waiting, offered": waitlist_link(first),
        "waiting": waitlist_link(second),
        "offer": booking_link(first.offer, "bookings:confirm"),
    }


def _waits(seat: TicketType, name: str) -> WaitlistEntry:
    seat = TicketType.objects.select_related("event", "stock").get(pk=seat.pk)
    email = f"{name.lower()}@small-rehearsal.example.com"
    return join_waitlist(ticket_type=seat, quantity=1, name=name, email=email)


def _notices(host: Host) -> dict[str, str]:
    """Of one event whose buyers are being told, and of one where everyone was."""
    links = {}
    for name, slug in (("notice", "lost-rehearsal"), ("notice, done", "last-rehearsal")):
        event = with_buyers(slug, "Ada Lovelace", "Charles Babbage").event
        event.host = host
        event.save(update_fields=["host"])
        notice = cancel_event_and_bookings(
            event=event, by=Actor.host(host.owner), text="The roof leaks."
        )
        links[f"hosted {name}"] = reverse("bookings:hosted_notice", args=[slug, notice.pk])
    carry_out(notice)
    notice.messages.update(state=MessageState.SENT, sent_at=timezone.now())
    return links
