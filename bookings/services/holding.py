"""Taking a hold, the first step of every booking, and extending it."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation

from bookings.actors import Actor
from bookings.exceptions import BookingError, Refusal, refusal
from bookings.models import Booking
from bookings.services.answers import take_over_typed_answers
from bookings.services.choice import Choice, check_choice
from bookings.services.expiry import release_overdue_holds
from bookings.services.inventory import (
    Quantities,
    TooFewLeft,
    check_left,
    claim_places,
    places_of,
)
from bookings.services.person_limits import check_person_may_hold
from bookings.services.writing import Holder, write_hold
from events.models import Event

if TYPE_CHECKING:
    from accounts.models import User

HOLD_DURATION = dt.timedelta(minutes=15)
WRITE_ATTEMPTS = 3


def hold_places(
    *,
    event: Event,
    quantities: Quantities,
    idempotency_key: uuid.UUID,
    user: "User | None" = None,
    promo_code: str = "",
    source: str = "",
    instead_of: Booking | None = None,
) -> Booking:
    """Hold places for HOLD_DURATION and return the pending booking.

    The same key with the same choice returns the booking that it made before, whatever became of
    it. ``promo_code`` is what was typed; ``source`` says where the link to the event was.
    ``instead_of`` is a hold that ran out: the details typed then are taken over. Raises
    BookingError with every problem found, each at its ticket type.
    """
    request = _Request(event, quantities, promo_code, idempotency_key, user, source)
    holder = _holder(user, instead_of)
    try:
        choice = check_choice(event=event, quantities=quantities, promo_code=promo_code)
        check_person_may_hold(
            event=event,
            promo_code=choice.promo_code,
            quantity=choice.count,
            email=holder.email,
            user=user,
        )
        return _hold(request, choice, holder, instead_of)
    except BookingError:
        # The form may have been sent before, when it could still be booked, or have taken the last
        # places itself.
        if earlier := request.earlier_booking():
            return earlier
        raise


def extend_hold(*, booking: Booking) -> Booking:
    """Give a hold HOLD_DURATION from now, once. Raises HOLD_EXPIRED or ALREADY_EXTENDED."""
    with transaction.atomic():
        booking = Booking.objects.select_for_update().get(pk=booking.pk)
        if not booking.is_pending or booking.is_overdue:
            raise refusal(Refusal.HOLD_EXPIRED, "The time for this booking has run out.")
        if not booking.can_be_extended:
            raise refusal(Refusal.ALREADY_EXTENDED, "The time was extended once already.")
        booking.extended_at = timezone.now()
        booking.expires_at = booking.extended_at + HOLD_DURATION
        booking.save(update_fields=["extended_at", "expires_at"])
    return booking


class _Request:
    """A form that was sent, perhaps not for the first time."""

    def __init__(
        self,
        event: Event,
        quantities: Quantities,
        promo_code: str,
        key: uuid.UUID,
        user: "User | None",
        source: str,
    ) -> None:
        self.event, self.quantities, self.key, self.user = event, quantities, key, user
        self.source = source
        self.promo_code = "".join(promo_code.split()).upper()

    def earlier_booking(self) -> Booking | None:
        """What the key made before. Raises BookingError: KEY_REUSED for another choice."""
        bookings = Booking.objects.select_related("promo_code").prefetch_related("tickets")
        booking = bookings.filter(idempotency_key=self.key).first()
        if booking is not None and not (self._asks_for(booking) and self._may_have(booking)):
            raise refusal(
                Refusal.KEY_REUSED,
                "This form was sent before, with another choice. Please choose anew.",
            )
        return booking

    def _may_have(self, booking: Booking) -> bool:
        """Whoever comes after somebody who was logged in does not get their booking."""
        made_by = booking.changes.values_list("actor", flat=True).first()
        return made_by is None or (self.user is not None and self.user.pk == made_by)

    def _asks_for(self, booking: Booking) -> bool:
        code = booking.promo_code.code if booking.promo_code else ""
        return (
            booking.event_id == self.event.pk
            and places_of([booking]) == dict(self.quantities)
            and code == self.promo_code
        )


def _holder(user: "User | None", instead_of: Booking | None) -> Holder:
    if instead_of:
        return Holder(user, instead_of.name, instead_of.email)
    return Holder(user, user.name, user.email) if user else Holder()


def _hold(request: _Request, choice: Choice, holder: Holder, instead_of: Booking | None) -> Booking:
    def claim(booking: Booking) -> None:
        take_over_typed_answers(earlier=instead_of, booking=booking)
        claim_places(choice.quantities)

    if not choice.is_left:
        _make_sure_of_places(choice.quantities)
    for _ in range(WRITE_ATTEMPTS):
        try:
            with transaction.atomic():
                return write_hold(
                    choice,
                    holder=holder,
                    idempotency_key=request.key,
                    expires_at=timezone.now() + HOLD_DURATION,
                    by=Actor.buyer(holder.user),
                    claim=claim,
                    names=_names(instead_of),
                    source=request.source,
                )
        except TooFewLeft:
            # Someone else was quicker; there may be enough left all the same.
            _make_sure_of_places(choice.quantities)
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
            # The same form was sent before, or another copy of it wrote first just now. If it was
            # not that, a random reference or code came up again, and the next one will not.
            if earlier := request.earlier_booking():
                return earlier
    raise refusal(Refusal.SOLD_OUT, "Many people are booking at this moment. Please try again.")


def _make_sure_of_places(quantities: Quantities) -> None:
    """Raise SOLD_OUT, but not before holds that ran out have given their places back."""
    release_overdue_holds(ticket_type_ids=list(quantities))
    check_left(quantities)


def _names(booking: Booking | None) -> dict[int, list[str]]:
    """Of attendees, by ticket type."""
    names: dict[int, list[str]] = {}
    for ticket in booking.tickets.all() if booking else ():
        names.setdefault(ticket.ticket_type_id, []).append(ticket.attendee_name)
    return names
