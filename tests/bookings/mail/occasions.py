"""A message of every kind, to a buyer or to whoever a ticket was sent on to."""

from collections.abc import Callable
from typing import Any

from bookings.actors import Actor
from bookings.models import Booking, Message, MessageKind, Notice, NoticeKind
from bookings.services.booking import cancel_booking
from bookings.services.letters import send_test
from bookings.services.notices import cancel_event_and_bookings, carry_out, tell_of_change
from bookings.services.waitlist import join_waitlist, offer_places
from events.models import TicketStock
from tests.bookings.letters import TEXT, draft, sent, verify
from tests.bookings.mail.rows import HOLDER, booking_with, queued, sent_on
from tests.factories import EventFactory, TicketTypeFactory, UserFactory

OLD_TIME, OLD_PLACE = "Fri 4 Dec 2026, 18:00 – 22:00 CET", "Red Room, Berlin"
WORDS = "Sorry: the roof <leaks> & drips."


def shared_booking(**event: Any) -> Booking:
    """Of two tickets, of which one was sent on."""
    booking = booking_with(2, **event)
    sent_on(booking.tickets.last())
    return Booking.objects.get(pk=booking.pk)


def to_buyer(kind: MessageKind) -> Message:
    return Message.objects.get(kind=kind, ticket=None)


def to_holder(kind: MessageKind) -> Message:
    return Message.objects.get(kind=kind, recipient=HOLDER)


def confirmation(**event: Any) -> Message:
    return queued(booking=shared_booking(**event))


def ticket(**event: Any) -> Message:
    shared_booking(**event)
    return to_holder(MessageKind.TICKET)


def cancel_by_buyer(**event: Any) -> None:
    cancel_booking(booking=shared_booking(**event), by=Actor.buyer())


def cancel_by_host(**event: Any) -> None:
    by = Actor.host(UserFactory())
    cancel_booking(booking=shared_booking(**event), by=by, reason="Too many of you.")


def cancel_event(**event: Any) -> None:
    booking = shared_booking(**event)
    by = Actor.host(UserFactory())
    carry_out(cancel_event_and_bookings(event=booking.event, by=by, text=WORDS))


def change_event(**event: Any) -> None:
    booking = shared_booking(**event)
    notice = tell_of_change(
        event=booking.event,
        by=Actor.host(UserFactory()),
        old_time=OLD_TIME,
        old_place=OLD_PLACE,
        text=WORDS,
    )
    assert Notice.objects.get(kind=NoticeKind.CHANGED) == notice
    carry_out(notice)


def write_letter(**event: Any) -> None:
    booking = shared_booking(**event)
    carry_out(sent(booking.event, text=f"{TEXT}\n\n{WORDS}"))


def tried_letter(**event: Any) -> Message:
    letter = draft(shared_booking(**event).event)
    writer = UserFactory()
    verify(writer)
    send_test(letter=letter, to=writer)
    return Message.objects.get(kind=MessageKind.TEST)


def reminder(kind: MessageKind, *, is_to_holder: bool, **event: Any) -> Message:
    booking = shared_booking(**event)
    start = booking.event.starts_at.isoformat()
    if not is_to_holder:
        return queued(kind, booking=booking, occasion=start)
    ticket = booking.tickets.get(holder_email=HOLDER)
    occasion = f"{start}:{ticket.pk}"
    return queued(kind, booking=booking, ticket=ticket, recipient=HOLDER, occasion=occasion)


def waiting(**event: Any) -> Message:
    ticket_type = TicketTypeFactory(event=EventFactory(**event), capacity=2, taken=2)
    join_waitlist(ticket_type=ticket_type, quantity=1, name="First", email="first@example.com")
    join_waitlist(ticket_type=ticket_type, quantity=3, name="Ada", email="ada@example.com")
    return Message.objects.get(kind=MessageKind.WAITING, recipient="ada@example.com")


def offer(**event: Any) -> Message:
    ticket_type = TicketTypeFactory(event=EventFactory(**event), capacity=2, taken=2)
    join_waitlist(ticket_type=ticket_type, quantity=3, name="Ada", email="ada@example.com")
    TicketStock.objects.filter(pk=ticket_type.pk).update(taken=0)
    offer_places()
    return to_buyer(MessageKind.OFFER)


def told(
    happening: Callable[..., None], find: Callable[[MessageKind], Message], kind: MessageKind
) -> Callable[..., Message]:
    def message(**event: Any) -> Message:
        happening(**event)
        return find(kind)

    return message


def reminded(kind: MessageKind, *, is_to_holder: bool = False) -> Callable[..., Message]:
    def message(**event: Any) -> Message:
        return reminder(kind, is_to_holder=is_to_holder, **event)

    return message


CANCELLATION, CHANGE = MessageKind.CANCELLATION, MessageKind.CHANGE
LETTER = MessageKind.LETTER
BUYERS: dict[str, Callable[..., Message]] = {
    "confirmation": confirmation,
    "cancellation by the buyer": told(cancel_by_buyer, to_buyer, CANCELLATION),
    "cancellation by the host": told(cancel_by_host, to_buyer, CANCELLATION),
    "cancellation of the event": told(cancel_event, to_buyer, CANCELLATION),
    "reminder, a day": reminded(MessageKind.REMINDER_DAY),
    "reminder, an hour": reminded(MessageKind.REMINDER_HOUR),
    "change": told(change_event, to_buyer, CHANGE),
    "letter": told(write_letter, to_buyer, LETTER),
    "waiting": waiting,
    "offer": offer,
}
HOLDERS: dict[str, Callable[..., Message]] = {
    "ticket": ticket,
    "holder's cancellation": told(cancel_by_buyer, to_holder, CANCELLATION),
    "holder's cancellation of the event": told(cancel_event, to_holder, CANCELLATION),
    "holder's reminder, a day": reminded(MessageKind.REMINDER_DAY, is_to_holder=True),
    "holder's reminder, an hour": reminded(MessageKind.REMINDER_HOUR, is_to_holder=True),
    "holder's change": told(change_event, to_holder, CHANGE),
    "holder's letter": told(write_letter, to_holder, LETTER),
}
EVERY = BUYERS | HOLDERS
