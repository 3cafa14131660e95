"""Moving a ticket to another ticket type of its event."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.db import transaction

from bookings.actors import Actor
from bookings.exceptions import Refusal, refusal
from bookings.loading import lock_booking
from bookings.models import Booking, PaymentMethod, Ticket
from bookings.payments import payment_methods_for
from bookings.services.booking import check_nobody_is_in
from bookings.services.changes import note
from bookings.services.choice import is_for
from bookings.services.expiry import release_overdue_holds
from bookings.services.inventory import TooFewLeft, check_left, move_place
from bookings.services.waitlist import offer_some_places
from events.models import TicketType
from events.money import format_money


@dataclass(frozen=True, slots=True)
class Destination:
    """A type that a ticket can be moved to, what it costs then, how much more that is, and how
    many places it has for it.
    """

    ticket_type: TicketType
    price: Decimal
    difference: Decimal
    left: int


def destinations_of(ticket: Ticket) -> list[Destination]:
    """With the booking's promo code, and in its currency."""
    ticket_types = (
        TicketType.objects.with_stock()
        .filter(event=ticket.booking.event_id, currency=ticket.booking.currency)
        .filter(stock__isnull=False)
        .exclude(pk=ticket.ticket_type_id)
    )
    shared_now = ticket.ticket_type.stock.shared_capacity
    prices = ((row, _price(ticket.booking, row)) for row in ticket_types)
    return [
        Destination(row, price, price - ticket.price, row.stock.for_sale_beside(shared_now))
        for row, price in prices
    ]


def move_ticket(
    *, ticket: Ticket, ticket_type: TicketType, keeps_price: bool, by: Actor
) -> Booking:
    """Make a ticket of a confirmed booking one of another type. Its code stays as it is. Unless it
    ``keeps_price``, it and the booking's total become what they are with that type. Moving it to
    where it is changes nothing.

    Whoever waits for the type that it leaves is offered the place. Raises BookingError: SOLD_OUT,
    TICKETS_FIXED, MIXED_CURRENCIES, NO_WAY_TO_PAY, CHECKED_IN.
    """
    if ticket.ticket_type_id == ticket_type.pk:
        return ticket.booking
    release_overdue_holds(ticket_type_ids=[ticket_type.pk])
    check_left({ticket_type.pk: 1}, leaving=ticket.ticket_type_id)
    try:
        with transaction.atomic():
            return _move(ticket, ticket_type, keeps_price=keeps_price, by=by)
    except TooFewLeft:
        raise refusal(Refusal.SOLD_OUT, "Sold out meanwhile.", ticket_type.pk) from None


def _move(ticket: Ticket, ticket_type: TicketType, *, keeps_price: bool, by: Actor) -> Booking:
    booking = lock_booking(ticket.booking)
    current = next(row for row in booking.tickets.all() if row.pk == ticket.pk)
    left = current.ticket_type
    if left == ticket_type:
        return booking
    _check_movable(booking, ticket_type)
    check_nobody_is_in([current])
    old_price = current.price
    current.ticket_type = ticket_type
    if not keeps_price:
        _change_price(booking, current, left)
    current.save(update_fields=["ticket_type", "price"])
    booking.save(update_fields=["total", "discount", "payment_method"])
    note(
        booking,
        by=by,
        reason=f"Ticket {current.pk} was {left.name}, {format_money(old_price, booking.currency)},"
        f" and is {ticket_type.name}, {format_money(current.price, booking.currency)}.",
    )
    move_place(leaving=left.pk, taking=ticket_type.pk)
    transaction.on_commit(partial(offer_some_places, ticket_type_ids=[left.pk]), robust=True)
    return booking


def _check_movable(booking: Booking, ticket_type: TicketType) -> None:
    if not booking.has_valid_tickets or booking.event.is_over:
        raise refusal(Refusal.TICKETS_FIXED, "These tickets can no longer be changed.")
    if ticket_type.event_id != booking.event_id:
        raise refusal(Refusal.UNKNOWN_TICKET_TYPE, "This ticket type is of another event.")
    if ticket_type.currency != booking.currency:
        raise refusal(
            Refusal.MIXED_CURRENCIES, f"This booking is in {booking.currency}: cancel it instead."
        )


def _change_price(booking: Booking, ticket: Ticket, left: TicketType) -> None:
    old_price = ticket.price
    ticket.price = _price(booking, ticket.ticket_type)
    booking.total += ticket.price - old_price
    if booking.promo_code:
        saved, saved_before = ticket.ticket_type.price - ticket.price, left.price - old_price
        booking.discount = max(booking.discount + saved - saved_before, Decimal(0))
    if booking.total == 0 or booking.payment_method == PaymentMethod.FREE:
        methods = payment_methods_for(event=booking.event, total=booking.total)
        if not methods:
            raise refusal(
                Refusal.NO_WAY_TO_PAY,
                "This event takes no payment at the door: leave the price as it was.",
            )
        booking.payment_method = methods[0]


def _price(booking: Booking, ticket_type: TicketType) -> Decimal:
    code = booking.promo_code
    return code.price_of(ticket_type) if code and is_for(code, ticket_type) else ticket_type.price
