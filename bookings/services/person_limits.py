"""What one person may book of an event: limits that the host sets. A person is an account, or a
mailbox however its address is written (bookings/persons.py).
"""

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q, Value

from bookings.exceptions import Refusal, refusal
from bookings.models import Booking, PromoCode, Ticket
from bookings.persons import EmailKey
from bookings.querysets import BookingQuerySet
from events.models import Event

if TYPE_CHECKING:
    from accounts.models import User


def check_person_may_hold(
    *, event: Event, promo_code: PromoCode | None, quantity: int, email: str, user: "User | None"
) -> None:
    """Raise BookingError: TOO_MANY_FOR_PERSON where what the person holds and has booked of the
    event leaves no room for ``quantity`` more tickets, or for one more use of the code.

    It locks nothing: it tells people early. check_person_may_confirm decides.
    """
    if _has_limits(event, promo_code):
        theirs = _bookings_of(email, user).standing()
        _check(theirs.filter(event=event), event, promo_code, quantity, is_known=user is not None)


def check_person_may_confirm(booking: Booking) -> None:
    """The same for a hold whose buyer is known by now, and for good: until the transaction
    ends, no other booking of this person is checked.
    """
    if not _has_limits(booking.event, booking.promo_code):
        return
    key = EmailKey(Value(booking.email))
    mailbox = Booking.objects.filter(pk=booking.pk).values_list(key, flat=True).get()
    _lock(f"email:{mailbox}", booking.event_id)
    if booking.user_id:
        _lock(f"account:{booking.user_id}", booking.event_id)
    others = _bookings_of(booking.email, booking.user).confirmed().exclude(pk=booking.pk)
    quantity = booking.tickets.count()
    _check(
        others.filter(event=booking.event_id),
        booking.event,
        booking.promo_code,
        quantity,
        is_known=booking.user is not None,
    )


def _has_limits(event: Event, promo_code: PromoCode | None) -> bool:
    if event.max_tickets_per_person is not None:
        return True
    return promo_code is not None and promo_code.max_uses_per_person is not None


def _bookings_of(email: str, user: "User | None") -> BookingQuerySet:
    person = Q(user=user) if user else Q()
    if email:
        person |= Q(email_key=EmailKey(Value(email)))
    return Booking.objects.filter(person) if person else Booking.objects.none()


def _check(
    theirs: BookingQuerySet,
    event: Event,
    promo_code: PromoCode | None,
    quantity: int,
    *,
    is_known: bool,
) -> None:
    """A guest may have typed somebody else's address, and is not told what that one has."""
    most = event.max_tickets_per_person
    if most is not None:
        booked = Ticket.objects.filter(booking__in=theirs).count()
        if booked + quantity > most:
            raise refusal(Refusal.TOO_MANY_FOR_PERSON, _too_many(most, booked if is_known else 0))
    if promo_code is None or promo_code.max_uses_per_person is None:
        return
    if theirs.filter(promo_code=promo_code).count() >= promo_code.max_uses_per_person:
        raise refusal(
            Refusal.TOO_MANY_FOR_PERSON,
            f"You have used the promo code {promo_code} as often as one person may.",
        )


def _too_many(most: int, booked: int) -> str:
    tickets = "one ticket" if most == 1 else f"{most} tickets"
    rule = f"At most {tickets} a person for this event"
    return f"{rule}, and you have {booked} already." if booked else f"{rule}, over all bookings."


def _lock(key: str, event_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [key, event_id])
