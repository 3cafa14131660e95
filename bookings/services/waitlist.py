"""The line for places of a ticket type that is sold out: joining, leaving, and being offered."""

import datetime as dt
import logging
import uuid
from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Min, Q
from django.utils import timezone

from bookings.actors import SYSTEM
from bookings.exceptions import BookingError, Refusal, refusal
from bookings.models import (
    Booking,
    MessageKind,
    WaitlistEntry,
    WaitlistStatus,
)
from bookings.payments import payment_methods_for
from bookings.services.choice import Choice, check_open, is_scarce, most_at_once
from bookings.services.inventory import (
    TooFewLeft,
    add_to_line,
    claim_for_first_in_line,
    take_from_line,
)
from bookings.services.messages import queue_message
from bookings.services.person_limits import check_person_may_hold
from bookings.services.writing import Holder, write_hold
from events.models import SaleState, TicketStock, TicketType

if TYPE_CHECKING:
    from accounts.models import User

OFFER_DURATION = dt.timedelta(hours=24)
SHORT_OFFER_DURATION = dt.timedelta(hours=2)
OFFERS_AT_ONCE = 20
END_AT_ONCE = 100

logger = logging.getLogger(__name__)


def join_waitlist(
    *,
    ticket_type: TicketType,
    quantity: int,
    name: str,
    email: str,
    user: "User | None" = None,
) -> WaitlistEntry:
    """Wait for places of a ticket type that is sold out, and be told by mail that one does.

    Raises BookingError: NOT_SOLD_OUT, WAITING_ALREADY, TOO_MANY, TOO_FEW, TOO_MANY_FOR_PERSON,
    SALES_CLOSED, NO_WAY_TO_PAY, or what check_open finds.
    """
    _check_joinable(ticket_type, quantity)
    _check_person(ticket_type, quantity, email, user)
    if WaitlistEntry.objects.open().of_mailbox(email).filter(ticket_type=ticket_type).exists():
        raise _waits_already()
    try:
        with transaction.atomic():
            entry = WaitlistEntry.objects.create(
                ticket_type=ticket_type, quantity=quantity, name=name, email=email, user=user
            )
            queue_message(kind=MessageKind.WAITING, recipient=email, waitlist_entry=entry)
            add_to_line(ticket_type.pk)
            _offer_after_commit(ticket_type.pk)  # places may have come free since the check
    except IntegrityError as error:
        if "waitlist_once_a_person" not in str(error):
            raise
        raise _waits_already() from error
    return entry


def end_line(ticket_type_ids: Collection[int]) -> list[WaitlistEntry]:
    """Take everyone out of the line, inside the caller's transaction, and return who it was."""
    waiting = WaitlistEntry.objects.filter(
        ticket_type__in=ticket_type_ids, status=WaitlistStatus.WAITING
    )
    entries = list(waiting.order_by("pk").select_for_update(of=("self",))[:END_AT_ONCE])
    for entry in sorted(entries, key=lambda entry: (entry.ticket_type_id, entry.pk)):
        _end(entry)
    return entries


def can_wait_for(ticket_type: TicketType) -> bool:
    """Whether there is a line to join."""
    try:
        _check_joinable(ticket_type, ticket_type.min_per_booking)
    except BookingError:
        return False
    return True


def leave_waitlist(*, entry: WaitlistEntry) -> WaitlistEntry:
    """Stop waiting. Leaving again changes nothing. An offer is given back as any hold is, with
    give_back_hold. Raises BookingError: NOT_WAITING for one that was offered places.
    """
    with transaction.atomic():
        entry = WaitlistEntry.objects.select_for_update().get(pk=entry.pk)
        if entry.status == WaitlistStatus.OFFERED:
            raise refusal(Refusal.NOT_WAITING, "You have been offered places already.")
        if entry.is_waiting:
            entry.status = WaitlistStatus.LEFT
            entry.save(update_fields=["status"])
            take_from_line(entry.ticket_type_id)
            _offer_after_commit(entry.ticket_type_id)  # perhaps there was an offer to make
    return entry


def offer_some_places(*, ticket_type_ids: Collection[int]) -> int:
    """Make the first OFFERS_AT_ONCE of the offers there are to make, as somebody waits for the
    answer to their request. The job makes the others.
    """
    return offer_places(ticket_type_ids=ticket_type_ids, most=OFFERS_AT_ONCE)


def offer_places(*, ticket_type_ids: Collection[int] | None = None, most: int | None = None) -> int:
    """Offer what is free of these ticket types and those that share places with them, or of all,
    to those who wait. Returns whose turn it was: how many people, ``most`` at most.

    An offer is a hold with a deadline, and a mail. It is for as many places as the first in line
    waits for, or as are free; who takes fewer than they wait for keeps their place for the rest.
    """
    offers = 0
    for lines in _lines(ticket_type_ids):
        while (most is None or offers < most) and _offer_to_first_of(lines):
            offers += 1
    if offers:
        logger.info("offered places to %s in waiting lists", offers)
    return offers


def wait_for_the_rest(booking: Booking) -> None:
    """Put whoever took an offer of fewer places than they wait for back at their place in line,
    inside the transaction that confirms the booking.
    """
    entry = WaitlistEntry.objects.select_for_update().get(offer=booking)
    ticket_type = entry.ticket_type
    rest = entry.quantity - booking.tickets.count()
    if rest < ticket_type.min_per_booking:
        return
    entry.quantity, entry.status, entry.offer = rest, WaitlistStatus.WAITING, None
    try:
        with transaction.atomic():
            entry.save(update_fields=["quantity", "status", "offer"])
            add_to_line(entry.ticket_type_id)
    except IntegrityError:
        return  # they have joined the line anew by themselves
    _offer_after_commit(entry.ticket_type_id)


def _waits_already() -> BookingError:
    return refusal(Refusal.WAITING_ALREADY, "This address is on the waiting list already.")


def _offer_after_commit(ticket_type_id: int) -> None:
    transaction.on_commit(partial(offer_some_places, ticket_type_ids=[ticket_type_id]), robust=True)


def _check_joinable(ticket_type: TicketType, quantity: int) -> None:
    _check_still_sold(ticket_type)
    if ticket_type.is_hidden:
        raise refusal(Refusal.UNKNOWN_TICKET_TYPE, "These tickets have no waiting list.")
    most = most_at_once(ticket_type)
    if quantity > most:
        raise refusal(Refusal.TOO_MANY, f"At most {most} a booking.")
    if quantity < ticket_type.min_per_booking:
        raise refusal(Refusal.TOO_FEW, f"At least {ticket_type.min_per_booking} a booking.")
    if not is_scarce(ticket_type):
        raise refusal(Refusal.NOT_SOLD_OUT, "There are places: book them now.")


def _lines(ticket_type_ids: Collection[int] | None) -> list[list[int]]:
    """Ticket types that people wait for and that have places; those that share some together."""
    stocks = TicketStock.objects.filter(
        Q(shared_capacity=None) | Q(shared_capacity__capacity__gt=F("shared_capacity__taken")),
        waiting__gt=0,
        capacity__gt=F("taken"),
    )
    if ticket_type_ids is not None:
        stocks = stocks.sharing_with(ticket_type_ids)
    lines: dict[tuple[bool, int], list[int]] = {}
    for pk, shared in stocks.order_by("pk").values_list("pk", "shared_capacity"):
        lines.setdefault((shared is None, shared or pk), []).append(pk)
    return list(lines.values())


def _offer_to_first_of(ticket_type_ids: list[int]) -> bool:
    """To whoever has waited longest for one of them and can be offered something."""
    if len(ticket_type_ids) > 1:
        lines = WaitlistEntry.objects.filter(
            ticket_type__in=ticket_type_ids, status=WaitlistStatus.WAITING
        )
        first = lines.values("ticket_type").annotate(first=Min("pk")).order_by("first")
        ticket_type_ids = list(first.values_list("ticket_type", flat=True))
    return any(_offer_to_first(pk) for pk in ticket_type_ids)


def _offer_to_first(ticket_type_id: int) -> bool:
    """Make one offer, or find that the first in line can have none; False where there is nobody to
    offer to, or nothing to offer.
    """
    ticket_type = TicketType.objects.select_related("event", "stock").get(pk=ticket_type_id)
    try:
        _check_still_sold(ticket_type)
        with transaction.atomic():
            # Whoever comes second waits here for the first, and then finds the next in line.
            line = WaitlistEntry.objects.in_line(ticket_type_id)
            entry = line.select_for_update(of=("self",)).first()
            if entry is None:
                return False
            wanted = min(entry.quantity, most_at_once(ticket_type))
            if not _may_have(entry, ticket_type, wanted):
                _end(entry)
                return True
            return _offer(ticket_type, entry, wanted)
    except (BookingError, TooFewLeft):
        return False


def _check_still_sold(ticket_type: TicketType) -> None:
    check_open(ticket_type.event)
    if ticket_type.sale_state in (SaleState.CLOSED, SaleState.NOT_STARTED):
        raise refusal(Refusal.SALES_CLOSED, "These tickets are not on sale.")
    if not payment_methods_for(event=ticket_type.event, total=ticket_type.price):
        raise refusal(Refusal.NO_WAY_TO_PAY, "Tickets with a price cannot be booked here yet.")


def _may_have(entry: WaitlistEntry, ticket_type: TicketType, wanted: int) -> bool:
    """Whether an offer of so many could be taken, by the limits as they are now."""
    if wanted < ticket_type.min_per_booking:
        return False
    try:
        _check_person(ticket_type, wanted, entry.email, entry.user)
    except BookingError:
        return False
    return True


def _check_person(ticket_type: TicketType, quantity: int, email: str, user: "User | None") -> None:
    check_person_may_hold(
        event=ticket_type.event, promo_code=None, quantity=quantity, email=email, user=user
    )


def _end(entry: WaitlistEntry) -> None:
    entry.status = WaitlistStatus.ENDED
    entry.save(update_fields=["status"])
    take_from_line(entry.ticket_type_id)


def _offer(ticket_type: TicketType, entry: WaitlistEntry, wanted: int) -> bool:
    quantity = min(wanted, TicketStock.objects.get(pk=ticket_type.pk).left)
    if quantity < ticket_type.min_per_booking:
        return False
    quantities = {ticket_type.pk: quantity}
    write_hold(
        Choice(ticket_type.event, quantities, {ticket_type.pk: ticket_type}),
        holder=Holder(entry.user, entry.name, entry.email),
        idempotency_key=uuid.uuid4(),
        expires_at=_deadline(ticket_type),
        by=SYSTEM,
        claim=lambda booking: _give(entry, booking, quantity),
        is_offer=True,
    )
    return True


def _give(entry: WaitlistEntry, booking: Booking, quantity: int) -> None:
    entry.status, entry.offer = WaitlistStatus.OFFERED, booking
    entry.save(update_fields=["status", "offer"])
    queue_message(kind=MessageKind.OFFER, recipient=entry.email, booking=booking)
    claim_for_first_in_line(entry.ticket_type_id, quantity)


def _deadline(ticket_type: TicketType) -> dt.datetime:
    """A day to decide; two hours where sales close within two days."""
    now = timezone.now()
    is_soon = ticket_type.sales_close_at - now < 2 * OFFER_DURATION
    patience = SHORT_OFFER_DURATION if is_soon else OFFER_DURATION
    return min(now + patience, ticket_type.sales_close_at)
