"""The waiting list: first come, first offered, and nobody slips past."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from bookings.actors import Actor
from bookings.exceptions import BookingError, Refusal
from bookings.models import Booking, Message, MessageKind, PaymentMethod, WaitlistEntry
from bookings.services.booking import cancel_booking, confirm_booking, give_back_hold
from bookings.services.expiry import release_overdue_holds
from bookings.services.holding import extend_hold, hold_places
from bookings.services.verification import find_differences
from bookings.services.waitlist import (
    OFFER_DURATION,
    SHORT_OFFER_DURATION,
    join_waitlist,
    leave_waitlist,
    offer_places,
)
from events.models import Event, EventStatus, TicketStock, TicketType
from tests.factories import BookingFactory, EventFactory, TicketTypeFactory, days_from_now


@pytest.fixture
def commits(db, django_capture_on_commit_callbacks):
    """A block whose work after commit is done at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def sold_out(db):
    """Three places in three bookings."""
    ticket_type = TicketTypeFactory(capacity=3)
    for _ in range(3):
        BookingFactory(event=ticket_type.event, tickets=[ticket_type])
    return ticket_type


def join(ticket_type, name, quantity=1):
    ticket_type = TicketType.objects.select_related("event", "stock").get(pk=ticket_type.pk)
    return join_waitlist(
        ticket_type=ticket_type,
        quantity=quantity,
        name=name,
        email=f"{name.lower()}@example.com",
    )


def cancel_some(ticket_type, count):
    for booking in (
        Booking.objects.confirmed().filter(event=ticket_type.event).order_by("pk")[:count]
    ):
        cancel_booking(booking=booking, by=Actor.admin(None))


def hold(ticket_type, quantity=1):
    return hold_places(
        event=Event.objects.get(pk=ticket_type.event_id),
        quantities={ticket_type.pk: quantity},
        idempotency_key=uuid.uuid4(),
    )


def take(entry):
    return confirm_booking(
        booking=entry.offer,
        name=entry.name,
        email=entry.email,
        attendee_names={},
        payment_method=PaymentMethod.FREE,
    )


def fresh(entry):
    return WaitlistEntry.objects.select_related("offer").get(pk=entry.pk)


def offered(*entries):
    """How many places each is offered; None without an offer."""
    return [
        found.offer.tickets.count() if (found := fresh(entry)).has_open_offer else None
        for entry in entries
    ]


def test_place_that_comes_free_is_offered_to_the_first_in_line(sold_out, commits):
    ada, bo = join(sold_out, "Ada"), join(sold_out, "Bo")
    assert (ada.position, bo.position) == (1, 2)

    with commits():
        cancel_some(sold_out, 1)

    assert offered(ada, bo) == [1, None]
    assert bo.position == 1
    offer = fresh(ada).offer
    assert (offer.name, offer.email, offer.is_pending) == ("Ada", "ada@example.com", True)
    assert Message.objects.get(kind=MessageKind.OFFER).recipient == "ada@example.com"
    assert find_differences() == []


def test_offer_that_is_not_taken_goes_to_the_next(sold_out, commits):
    ada, bo = join(sold_out, "Ada"), join(sold_out, "Bo")
    with commits():
        cancel_some(sold_out, 1)
    Booking.objects.filter(pk=fresh(ada).offer_id).update(expires_at=timezone.now())

    with commits():
        release_overdue_holds()

    assert offered(ada, bo) == [None, 1]


def test_offer_that_is_given_back_goes_to_the_next(sold_out, commits):
    ada, bo = join(sold_out, "Ada"), join(sold_out, "Bo")
    with commits():
        cancel_some(sold_out, 1)

    with commits():
        give_back_hold(booking=fresh(ada).offer, by=Actor.buyer())

    assert offered(ada, bo) == [None, 1]


def test_offer_that_is_taken_is_a_booking(sold_out, commits):
    ada = join(sold_out, "Ada")
    with commits():
        cancel_some(sold_out, 1)

    booking = take(fresh(ada))

    assert booking.is_confirmed
    assert not fresh(ada).has_open_offer
    assert find_differences() == []


def test_offer_cannot_be_extended(sold_out, commits):
    ada = join(sold_out, "Ada")
    with commits():
        cancel_some(sold_out, 1)

    with pytest.raises(BookingError) as refused:
        extend_hold(booking=fresh(ada).offer)

    assert refused.value.code is Refusal.ALREADY_EXTENDED


def test_offer_of_fewer_keeps_the_place_in_line_for_the_rest(sold_out, commits):
    ada, bo = join(sold_out, "Ada", quantity=3), join(sold_out, "Bo")
    with commits():
        cancel_some(sold_out, 2)
    assert offered(ada, bo) == [2, None]

    with commits():
        take(fresh(ada))
    assert (fresh(ada).quantity, fresh(ada).position, bo.position) == (1, 1, 2)
    with commits():
        cancel_some(sold_out, 1)

    assert offered(ada, bo) == [1, None]


def test_several_places_go_to_several_in_line_and_never_more_than_are_free(sold_out, commits):
    entries = [join(sold_out, name) for name in ("Ada", "Bo", "Cy")]

    with commits():
        cancel_some(sold_out, 2)

    assert offered(*entries) == [1, 1, None]
    assert TicketStock.objects.get(pk=sold_out.pk).left == 0


def test_too_few_for_the_least_a_booking_are_not_offered(commits):
    ticket_type = TicketTypeFactory(capacity=4, min_per_booking=2)
    for _ in range(2):
        BookingFactory(event=ticket_type.event, tickets=[ticket_type] * 2)
    ada = join(ticket_type, "Ada", quantity=2)
    TicketStock.objects.filter(pk=ticket_type.pk).update(capacity=5)

    assert offer_places() == 0
    with commits():
        cancel_some(ticket_type, 1)

    assert offered(ada) == [2]


def test_nobody_slips_past_the_line_between_a_release_and_the_offer(sold_out):
    """As when the process that cancelled a booking was killed before it made the offer."""
    ada = join(sold_out, "Ada")
    cancel_some(sold_out, 1)
    assert TicketStock.objects.get(pk=sold_out.pk).left == 1

    with pytest.raises(BookingError) as refused:
        hold(sold_out)
    assert refused.value.code is Refusal.SOLD_OUT
    assert "waiting list" in str(refused.value)

    offer_places()  # as the worker does each minute
    assert offered(ada) == [1]


def test_claim_itself_refuses_to_pass_the_line(sold_out, monkeypatch):
    join(sold_out, "Ada")
    cancel_some(sold_out, 1)
    monkeypatch.setattr("bookings.services.holding._make_sure_of_places", lambda quantities: None)

    with pytest.raises(BookingError):
        hold(sold_out)

    assert TicketStock.objects.get(pk=sold_out.pk).left == 1


def test_once_nobody_waits_everyone_can_book_again(sold_out, commits):
    ada = join(sold_out, "Ada")
    cancel_some(sold_out, 1)

    with commits():
        leave_waitlist(entry=ada)
        leave_waitlist(entry=ada)

    assert fresh(ada).status == "left"
    assert hold(sold_out).is_pending
    assert find_differences() == []


def test_who_was_offered_places_gives_them_back_instead_of_leaving(sold_out, commits):
    ada = join(sold_out, "Ada")
    with commits():
        cancel_some(sold_out, 1)

    with pytest.raises(BookingError) as refused:
        leave_waitlist(entry=ada)

    assert refused.value.code is Refusal.NOT_WAITING


@pytest.mark.parametrize(
    ("facts", "quantity", "refusal"),
    [
        ({"capacity": 1}, 1, Refusal.NOT_SOLD_OUT),
        ({"max_per_booking": 2}, 3, Refusal.TOO_MANY),
        ({"min_per_booking": 2}, 1, Refusal.TOO_FEW),
        ({"is_hidden": True}, 1, Refusal.UNKNOWN_TICKET_TYPE),
        ({"sales_end": days_from_now(-1)}, 1, Refusal.SALES_CLOSED),
        ({"sales_start": days_from_now(1)}, 1, Refusal.SALES_CLOSED),
        ({"event__status": EventStatus.CANCELLED}, 1, Refusal.EVENT_CANCELLED),
        ({"price": 9, "event__allows_pay_at_door": False}, 1, Refusal.NO_WAY_TO_PAY),
    ],
)
@pytest.mark.django_db
def test_line_that_makes_no_sense_cannot_be_joined(facts, quantity, refusal):
    ticket_type = TicketTypeFactory(**{"capacity": 0} | facts)

    with pytest.raises(BookingError) as refused:
        join(ticket_type, "Ada", quantity)

    assert refused.value.code is refusal
    assert not WaitlistEntry.objects.exists()


def test_mailbox_waits_once(sold_out):
    join(sold_out, "Ada")

    with pytest.raises(BookingError) as refused:
        join(sold_out, "ADA+again")

    assert refused.value.code is Refusal.WAITING_ALREADY
    assert find_differences() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_in_days", "duration"), [(7, OFFER_DURATION), (1.5, SHORT_OFFER_DURATION)]
)
def test_time_to_decide_is_a_day_and_less_when_the_event_is_near(commits, starts_in_days, duration):
    starts_at = timezone.now() + dt.timedelta(days=starts_in_days)
    ticket_type = TicketTypeFactory(event=EventFactory(starts_at=starts_at), capacity=1)
    BookingFactory(event=ticket_type.event, tickets=[ticket_type])
    ada = join(ticket_type, "Ada")

    with commits():
        cancel_some(ticket_type, 1)

    offer = fresh(ada).offer
    assert abs(offer.expires_at - offer.created_at - duration) < dt.timedelta(minutes=1)
