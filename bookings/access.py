"""The only ways to a booking, to a ticket and to a place in a waiting list: it is one's own, or one
has its signed link.
"""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from bookings.actors import Actor
from bookings.loading import find_booking
from bookings.models import Booking, Ticket, VoidCode, WaitlistEntry
from events.models import Event, Host

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.db.models import QuerySet

    from accounts.models import User

    Visitor = AbstractBaseUser | AnonymousUser

_booking_signer = Signer(salt="bookings.access")
_ticket_signer = Signer(salt="bookings.access.ticket")
_waitlist_signer = Signer(salt="bookings.access.waitlist")


class TicketSentOn(Exception):
    """Someone has the link of a code that was valid once. The ticket is someone else's by now."""


def access_booking(*, reference: str, user: "Visitor", token: str = "") -> Booking:
    """The booking with all that its pages show. Anyone else's is a 404, as if it were not there."""
    booking = find_booking(reference.upper())
    if booking is None or not may_see_booking(booking, user=user, token=token):
        raise Http404
    return booking


def may_see_booking(booking: Booking, *, user: "Visitor", token: str = "") -> bool:
    return _is_buyer(booking, user) or _is_signature(_booking_signer, booking.reference, token)


def access_ticket(*, code: str, user: "Visitor", token: str = "") -> Ticket:
    """The ticket of a booking that was confirmed, with all that its pages show.

    Whoever has its link reaches it; so does the buyer, until it is sent on. Raises TicketSentOn for
    the link of a code that is void. For anyone else it is a 404.
    """
    has_link = _is_signature(_ticket_signer, code, token)
    ticket = _confirmed_tickets().filter(code=code).first()
    if ticket is None:
        if has_link and VoidCode.objects.filter(code=code).exists():
            raise TicketSentOn
        raise Http404
    is_own = not ticket.holder_email and _is_buyer(ticket.booking, user)
    if not has_link and not is_own:
        raise Http404
    return ticket


def tickets_of_buyer(booking: Booking) -> list[Ticket]:
    """Those that were not sent on: of the others, the buyer does not see the code."""
    return [ticket for ticket in booking.tickets.all() if not ticket.holder_email]


def access_token(booking: Booking) -> str:
    """What a guest's link carries. It proves that the link came from us."""
    return _booking_signer.signature(booking.reference)


def ticket_token(ticket: Ticket) -> str:
    """The same for one ticket: of its present code, so that sending it on voids its links."""
    return _ticket_signer.signature(ticket.code)


def booking_link(booking: Booking, view: str = "bookings:detail") -> str:
    """The path of one of the booking's pages, for anyone who has it."""
    return f"{reverse(view, args=[booking.reference])}?access={access_token(booking)}"


def ticket_link(ticket: Ticket, view: str = "bookings:ticket") -> str:
    """The path of one of the ticket's pages, for anyone who has it."""
    return f"{reverse(view, args=[ticket.code])}?access={ticket_token(ticket)}"


def access_waitlist_entry(*, reference: str, user: "Visitor", token: str = "") -> WaitlistEntry:
    """The entry with all that its page shows. Anyone else's is a 404, as if it were not there."""
    entry = WaitlistEntry.objects.for_page().filter(reference=reference.upper()).first()
    if entry is None:
        raise Http404
    is_own = user.is_authenticated and entry.user_id == user.pk
    if not is_own and not _is_signature(_waitlist_signer, entry.reference, token):
        raise Http404
    return entry


def waitlist_token(entry: WaitlistEntry) -> str:
    """What the link to a place in a waiting list carries."""
    return _waitlist_signer.signature(entry.reference)


def waitlist_link(entry: WaitlistEntry, view: str = "bookings:waiting") -> str:
    """The path of one of the entry's pages, for anyone who has it."""
    return f"{reverse(view, args=[entry.reference])}?access={waitlist_token(entry)}"


def _confirmed_tickets() -> "QuerySet[Ticket]":
    return (
        Ticket.objects.filter(booking__confirmed_at__isnull=False)
        .select_related("ticket_type", "booking__event__city", "booking__event__host")
        .defer("booking__event__description")
    )


def _is_buyer(booking: Booking, user: "Visitor") -> bool:
    return user.is_authenticated and booking.user_id == user.pk


def _is_signature(signer: Signer, value: str, token: str) -> bool:
    try:
        signer.unsign(f"{value}:{token}")
    except BadSignature:
        return False
    return True


def access_hosted_event(*, slug: str, user: "User") -> Event:
    """An event whose bookings the user may see and change: as its host's owner or manager, or as
    staff who may change bookings. For anyone else it is a 404, as if it were not there.
    """
    return _event_of(Host.objects.managed_by(user), slug=slug, user=user)


def access_event_of_team(*, slug: str, user: "User") -> Event:
    """An event whose attendees the user may see: as one of its host's team, in whatever role, or as
    staff who may change bookings. For anyone else it is a 404, as if it were not there.
    """
    return _event_of(Host.objects.of_user(user), slug=slug, user=user)


def may_manage(event: Event, user: "User") -> bool:
    """Whether someone who sees an event's attendees may change its bookings as well."""
    return _is_booking_staff(user) or _manages(event, user)


def acting_on(event: Event, user: "User") -> Actor:
    """As whom someone changes the bookings of an event that they can access."""
    return Actor.host(user) if _manages(event, user) else Actor.admin(user)


def acting_at_door(event: Event, user: "User") -> Actor:
    """As whom someone changes check-ins of an event whose attendees they can access."""
    return Actor.host(user) if is_of_team(event, user) else Actor.admin(user)


def is_of_team(event: Event, user: "Visitor") -> bool:
    """Whether someone may check in attendees of an event, in whatever role."""
    if not user.is_authenticated:
        return False
    return Host.objects.of_user(user).filter(pk=event.host_id).exists()


def _event_of(hosts: "QuerySet[Host]", *, slug: str, user: "User") -> Event:
    events = Event.objects.select_related("city", "host").defer("description")
    if not _is_booking_staff(user):
        events = events.filter(host__in=hosts)
    return get_object_or_404(events, slug=slug)


def _is_booking_staff(user: "User") -> bool:
    return user.is_staff and user.has_perm("bookings.change_booking")


def _manages(event: Event, user: "User") -> bool:
    return Host.objects.managed_by(user).filter(pk=event.host_id).exists()
