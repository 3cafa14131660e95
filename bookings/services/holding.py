"""Taking a hold, the first step of every booking, and extending it."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from bookings.exceptions import BookingError, Problem, Refusal, refusal
from bookings.models import Booking, Ticket
from bookings.payments import payment_methods_for
from bookings.services.expiry import release_overdue_holds
from bookings.services.inventory import (
    Quantities,
    TooFewLeft,
    check_left,
    claim_places,
    places_of,
)
from events.models import Event, SaleState, TicketType

if TYPE_CHECKING:
    from accounts.models import User

HOLD_DURATION = dt.timedelta(minutes=15)
WRITE_ATTEMPTS = 3
MOST_TICKETS = 100


def hold_places(
    *,
    event: Event,
    quantities: Quantities,
    idempotency_key: uuid.UUID,
    user: "User | None" = None,
    instead_of: Booking | None = None,
) -> Booking:
    """Hold places for HOLD_DURATION and return the pending booking.

    The same key with the same choice returns the booking that it made before, whatever became of
    it. ``instead_of`` is a hold that ran out: the details typed then are taken over. Raises
    BookingError with every problem found, each at its ticket type.
    """
    if earlier := _booking_of_key(idempotency_key, event, quantities):
        return earlier
    chosen = _check_choice(event, quantities)
    try:
        return _hold(event, chosen, quantities, idempotency_key, user, instead_of)
    except BookingError:
        # Another copy of the same form may have taken the last places a moment ago.
        if earlier := _booking_of_key(idempotency_key, event, quantities):
            return earlier
        raise


def extend_hold(*, booking: Booking) -> Booking:
    """Give a hold HOLD_DURATION from now, once. Raises HOLD_EXPIRED or ALREADY_EXTENDED."""
    with transaction.atomic():
        booking = Booking.objects.select_for_update().get(pk=booking.pk)
        if not booking.is_pending or booking.is_overdue:
            raise refusal(Refusal.HOLD_EXPIRED, "The time for this booking has run out.")
        if booking.extended_at is not None:
            raise refusal(Refusal.ALREADY_EXTENDED, "The time was extended once already.")
        booking.extended_at = timezone.now()
        booking.expires_at = booking.extended_at + HOLD_DURATION
        booking.save(update_fields=["extended_at", "expires_at"])
    return booking


def _booking_of_key(key: uuid.UUID, event: Event, quantities: Quantities) -> Booking | None:
    booking = Booking.objects.prefetch_related("tickets").filter(idempotency_key=key).first()
    if booking is None:
        return None
    if booking.event_id != event.pk or places_of([booking]) != dict(quantities):
        raise refusal(
            Refusal.KEY_REUSED,
            "This form was sent before, with another choice. Please choose anew.",
        )
    return booking


def _check_choice(event: Event, quantities: Quantities) -> dict[int, TicketType]:
    """The chosen ticket types by primary key, all of which can be booked as far as can be told
    without a claim.
    """
    check_open(event)
    if not quantities:
        raise refusal(Refusal.NOTHING_CHOSEN, "Choose at least one ticket.")
    if sum(quantities.values()) > MOST_TICKETS:
        raise refusal(Refusal.TOO_MANY, f"At most {MOST_TICKETS} tickets a booking.")
    chosen = TicketType.objects.visible().with_stock().filter(event=event).in_bulk(quantities)
    for ticket_type in chosen.values():
        ticket_type.event = event
    problems = [
        problem
        for ticket_type_id, quantity in quantities.items()
        if (problem := _problem_with(chosen.get(ticket_type_id), ticket_type_id, quantity))
    ]
    if problems:
        raise BookingError(*problems)
    if len({ticket_type.currency for ticket_type in chosen.values()}) > 1:
        raise refusal(
            Refusal.MIXED_CURRENCIES, "These tickets have different currencies: book them apart."
        )
    if not payment_methods_for(event=event, total=_total(chosen, quantities)):
        raise refusal(Refusal.NO_WAY_TO_PAY, "Tickets with a price cannot be booked here yet.")
    return chosen


def check_open(event: Event) -> None:
    """Raise BookingError unless the event can be booked at all: published, and not over."""
    if event.is_over:
        raise refusal(Refusal.EVENT_OVER, "This event is over.")
    if event.is_cancelled:
        raise refusal(Refusal.EVENT_CANCELLED, "This event was cancelled.")
    if not event.is_published:
        raise refusal(Refusal.EVENT_NOT_PUBLISHED, "This event is not published yet.")


def _problem_with(
    ticket_type: TicketType | None, ticket_type_id: int, quantity: int
) -> Problem | None:
    if ticket_type is None:
        return Problem(Refusal.UNKNOWN_TICKET_TYPE, "There is no such ticket for this event.")
    code, message = None, ""
    if ticket_type.sale_state is SaleState.CLOSED:
        code, message = Refusal.SALES_CLOSED, "Sales have closed."
    elif ticket_type.sale_state is SaleState.NOT_STARTED:
        code, message = Refusal.SALES_NOT_STARTED, "Sales have not started yet."
    elif quantity > ticket_type.max_per_booking:
        code, message = Refusal.TOO_MANY, f"At most {ticket_type.max_per_booking} a booking."
    elif quantity < ticket_type.min_per_booking:
        code, message = Refusal.TOO_FEW, f"At least {ticket_type.min_per_booking} a booking."
    return Problem(code, message, ticket_type_id) if code else None


def _total(chosen: dict[int, TicketType], quantities: Quantities) -> Decimal:
    return sum((chosen[pk].price * quantity for pk, quantity in quantities.items()), Decimal(0))


def _hold(
    event: Event,
    chosen: dict[int, TicketType],
    quantities: Quantities,
    idempotency_key: uuid.UUID,
    user: "User | None",
    instead_of: Booking | None,
) -> Booking:
    for _ in range(WRITE_ATTEMPTS):
        _make_sure_of_places(quantities)
        try:
            return _write_hold(event, chosen, quantities, idempotency_key, user, instead_of)
        except TooFewLeft:
            continue  # someone else was quicker; there may be enough left all the same
        except IntegrityError:
            # The same form, sent twice at once: the other copy wrote first. If it was not that, a
            # random reference or code came up again, and the next one will not.
            if earlier := _booking_of_key(idempotency_key, event, quantities):
                return earlier
    check_left(quantities)
    raise refusal(Refusal.SOLD_OUT, "Many people are booking at this moment. Please try again.")


def _make_sure_of_places(quantities: Quantities) -> None:
    """Raise SOLD_OUT, but not before holds that ran out have given their places back."""
    try:
        check_left(quantities)
    except BookingError:
        release_overdue_holds(ticket_type_ids=list(quantities))
        check_left(quantities)


def _write_hold(
    event: Event,
    chosen: dict[int, TicketType],
    quantities: Quantities,
    idempotency_key: uuid.UUID,
    user: "User | None",
    instead_of: Booking | None,
) -> Booking:
    with transaction.atomic():
        booking = Booking.objects.create(
            event=event,
            user=user,
            name=instead_of.name if instead_of else getattr(user, "name", ""),
            email=instead_of.email if instead_of else getattr(user, "email", ""),
            total=_total(chosen, quantities),
            currency=next(iter(chosen.values())).currency,
            idempotency_key=idempotency_key,
            expires_at=timezone.now() + HOLD_DURATION,
        )
        tickets = [
            Ticket(booking=booking, ticket_type=chosen[pk], price=chosen[pk].price)
            for pk, quantity in quantities.items()
            for _ in range(quantity)
        ]
        if instead_of:
            _take_over_names(tickets, instead_of)
        Ticket.objects.bulk_create(tickets)
        claim_places(quantities)
    return booking


def _take_over_names(tickets: list[Ticket], instead_of: Booking) -> None:
    names: dict[int, list[str]] = {}
    for ticket in instead_of.tickets.all():
        names.setdefault(ticket.ticket_type_id, []).append(ticket.attendee_name)
    for ticket in tickets:
        if names.get(ticket.ticket_type_id):
            ticket.attendee_name = names[ticket.ticket_type_id].pop(0)
