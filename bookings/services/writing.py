"""Writing a hold: the booking, its tickets, its history, and the claims, in one transaction."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bookings.actors import Actor
from bookings.models import Booking, Ticket
from bookings.services.changes import note_beginning
from bookings.services.choice import Choice
from bookings.services.promo_codes import claim_use

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a hold is for, as far as is known."""

    user: "User | None" = None
    name: str = ""
    email: str = ""


def write_hold(
    choice: Choice,
    *,
    holder: Holder,
    idempotency_key: uuid.UUID,
    expires_at: dt.datetime,
    by: Actor,
    claim: Callable[[Booking], None],
    names: dict[int, list[str]] | None = None,
    is_offer: bool = False,
    source: str = "",
) -> Booking:
    """Inside the caller's transaction. ``claim`` takes the places, last of all; ``names`` are those
    of attendees by ticket type, as far as they are known.
    """
    booking = Booking.objects.create(
        event=choice.event,
        user=holder.user,
        name=holder.name,
        email=holder.email,
        total=choice.total,
        discount=choice.discount,
        currency=choice.currency,
        promo_code=choice.promo_code,
        idempotency_key=idempotency_key,
        is_offer=is_offer,
        source=source,
        expires_at=expires_at,
    )
    known = {pk: list(of_type) for pk, of_type in (names or {}).items()}
    Ticket.objects.bulk_create(
        Ticket(
            booking=booking,
            ticket_type=choice.ticket_types[pk],
            price=choice.price_of(pk),
            attendee_name=known[pk].pop(0) if known.get(pk) else "",
        )
        for pk, quantity in choice.quantities.items()
        for _ in range(quantity)
    )
    note_beginning(booking, by=by)
    if choice.promo_code:
        claim_use(choice.promo_code)
    claim(booking)
    return booking
