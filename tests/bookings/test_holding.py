import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.exceptions import BookingError, Refusal
from bookings.models import Booking, BookingStatus
from bookings.services.holding import extend_hold, hold_places
from events.models import EventStatus, TicketStock
from tests.factories import (
    BookingFactory,
    EventFactory,
    HoldFactory,
    TicketTypeFactory,
    UserFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db


def taken(ticket_type):
    return TicketStock.objects.get(pk=ticket_type.pk).taken


def hold(ticket_type, quantity=1, *, key=None, **more):
    return hold_places(
        event=more.pop("event", ticket_type.event),
        quantities={ticket_type.pk: quantity},
        idempotency_key=key or uuid.uuid4(),
        **more,
    )


def test_hold_takes_places_and_lasts_fifteen_minutes():
    ticket_type = TicketTypeFactory(capacity=5, price=Decimal("12.50"))

    booking = hold(ticket_type, 2)

    assert booking.status == BookingStatus.PENDING
    assert dt.timedelta(minutes=14) < booking.time_left <= dt.timedelta(minutes=15)
    assert (booking.total, booking.currency) == (Decimal("25.00"), "EUR")
    assert [ticket.price for ticket in booking.tickets.all()] == [Decimal("12.50")] * 2
    assert taken(ticket_type) == 2


def test_price_is_frozen_when_the_hold_is_taken():
    ticket_type = TicketTypeFactory(price=Decimal(10))
    booking = hold(ticket_type)

    ticket_type.price = Decimal(99)
    ticket_type.save()

    booking.refresh_from_db()
    assert (booking.total, booking.tickets.get().price) == (Decimal(10), Decimal(10))


def test_sold_out_type_refuses_and_says_what_is_left():
    plenty, scarce = TicketTypeFactory(capacity=9), TicketTypeFactory(capacity=3, taken=2)
    scarce.event = plenty.event
    scarce.save()

    with pytest.raises(BookingError) as refused:
        hold_places(
            event=plenty.event,
            quantities={plenty.pk: 1, scarce.pk: 2},
            idempotency_key=uuid.uuid4(),
        )

    (problem,) = refused.value.problems
    assert (problem.code, problem.ticket_type_id) == (Refusal.SOLD_OUT, scarce.pk)
    assert "Only 1 left" in problem.message
    assert (taken(plenty), taken(scarce)) == (0, 2)
    assert not Booking.objects.exists()


def test_overdue_hold_is_released_by_the_next_buyer_who_needs_its_places():
    ticket_type = TicketTypeFactory(capacity=2)
    overdue = HoldFactory(
        event=ticket_type.event,
        tickets=[ticket_type, ticket_type],
        expires_at=timezone.now() - dt.timedelta(seconds=1),
    )

    booking = hold(ticket_type, 2)

    overdue.refresh_from_db()
    assert overdue.status == BookingStatus.EXPIRED
    assert booking.is_pending
    assert taken(ticket_type) == 2


def test_hold_that_still_runs_is_not_released_for_another_buyer():
    ticket_type = TicketTypeFactory(capacity=2)
    HoldFactory(event=ticket_type.event, tickets=[ticket_type, ticket_type])

    with pytest.raises(BookingError) as refused:
        hold(ticket_type)

    assert refused.value.code == Refusal.SOLD_OUT
    assert taken(ticket_type) == 2


def test_same_key_gives_the_same_booking():
    ticket_type, key = TicketTypeFactory(capacity=1), uuid.uuid4()

    first, again = hold(ticket_type, key=key), hold(ticket_type, key=key)

    assert first == again
    assert taken(ticket_type) == 1


def test_same_key_with_another_choice_is_refused():
    ticket_type, key = TicketTypeFactory(), uuid.uuid4()
    hold(ticket_type, 1, key=key)

    with pytest.raises(BookingError) as refused:
        hold(ticket_type, 2, key=key)

    assert refused.value.code == Refusal.KEY_REUSED
    assert taken(ticket_type) == 1


@pytest.mark.parametrize(
    ("facts", "quantity", "code"),
    [
        ({"sales_start": days_from_now(1)}, 1, Refusal.SALES_NOT_STARTED),
        ({"sales_end": days_from_now(-1)}, 1, Refusal.SALES_CLOSED),
        ({"max_per_booking": 3}, 4, Refusal.TOO_MANY),
        ({"min_per_booking": 2}, 1, Refusal.TOO_FEW),
        ({"is_hidden": True}, 1, Refusal.UNKNOWN_TICKET_TYPE),
    ],
)
def test_ticket_type_that_cannot_be_booked_is_refused_with_its_reason(facts, quantity, code):
    good, bad = TicketTypeFactory(), TicketTypeFactory(**facts)

    assert hold(good, quantity).is_pending
    with pytest.raises(BookingError) as refused:
        hold(bad, quantity)

    assert refused.value.code == code
    assert taken(bad) == 0


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"status": EventStatus.CANCELLED}, Refusal.EVENT_CANCELLED),
        ({"status": EventStatus.DRAFT}, Refusal.EVENT_NOT_PUBLISHED),
        ({"starts_at": days_from_now(-2)}, Refusal.EVENT_OVER),
    ],
)
def test_event_that_cannot_be_booked_is_refused_with_its_reason(facts, code):
    ticket_type = TicketTypeFactory(event=EventFactory(**facts))

    with pytest.raises(BookingError) as refused:
        hold(ticket_type)

    assert refused.value.code == code


def test_ticket_type_of_another_event_is_refused():
    ticket_type = TicketTypeFactory()

    with pytest.raises(BookingError) as refused:
        hold(ticket_type, event=EventFactory())

    assert refused.value.code == Refusal.UNKNOWN_TICKET_TYPE


def test_nothing_chosen_is_refused():
    with pytest.raises(BookingError) as refused:
        hold_places(event=EventFactory(), quantities={}, idempotency_key=uuid.uuid4())

    assert refused.value.code == Refusal.NOTHING_CHOSEN


def test_priced_ticket_needs_a_host_who_takes_payment_at_the_door():
    at_door = TicketTypeFactory(price=5)
    not_at_door = TicketTypeFactory(price=5, event__allows_pay_at_door=False)

    assert hold(at_door).total == 5
    with pytest.raises(BookingError) as refused:
        hold(not_at_door)

    assert refused.value.code == Refusal.NO_WAY_TO_PAY


def test_booking_has_a_most_of_tickets():
    types = [TicketTypeFactory(max_per_booking=60, capacity=60)]
    types.append(TicketTypeFactory(max_per_booking=60, capacity=60, event=types[0].event))

    with pytest.raises(BookingError) as refused:
        hold_places(
            event=types[0].event,
            quantities={ticket_type.pk: 60 for ticket_type in types},
            idempotency_key=uuid.uuid4(),
        )

    assert refused.value.code == Refusal.TOO_MANY


def test_currencies_are_not_added_up():
    euros = TicketTypeFactory(price=5)
    francs = TicketTypeFactory(price=5, currency="CHF", event=euros.event)

    with pytest.raises(BookingError) as refused:
        hold_places(
            event=euros.event,
            quantities={euros.pk: 1, francs.pk: 1},
            idempotency_key=uuid.uuid4(),
        )

    assert refused.value.code == Refusal.MIXED_CURRENCIES


def test_hold_of_someone_logged_in_knows_their_details():
    user = UserFactory(name="Grace Hopper")

    booking = hold(TicketTypeFactory(), user=user)

    assert (booking.user, booking.name, booking.email) == (user, "Grace Hopper", user.email)


def test_hold_instead_of_one_that_ran_out_takes_over_what_was_typed():
    ticket_type = TicketTypeFactory()
    earlier = BookingFactory(
        event=ticket_type.event, tickets=[ticket_type], status=BookingStatus.EXPIRED
    )

    booking = hold(ticket_type, 2, instead_of=earlier)

    assert (booking.name, booking.email) == (earlier.name, earlier.email)
    assert [ticket.attendee_name for ticket in booking.tickets.all()] == ["Ada Lovelace", ""]


def test_hold_is_extended_once():
    booking = HoldFactory(expires_at=timezone.now() + dt.timedelta(minutes=2))

    extended = extend_hold(booking=booking)

    assert extended.time_left > dt.timedelta(minutes=14)
    with pytest.raises(BookingError) as refused:
        extend_hold(booking=booking)
    assert refused.value.code == Refusal.ALREADY_EXTENDED


def test_hold_that_ran_out_is_not_extended():
    booking = HoldFactory(expires_at=timezone.now() - dt.timedelta(seconds=1))

    with pytest.raises(BookingError) as refused:
        extend_hold(booking=booking)

    assert refused.value.code == Refusal.HOLD_EXPIRED


def test_key_of_someone_who_was_logged_in_gives_their_booking_to_nobody_else():
    ticket_type = TicketTypeFactory()
    owner = UserFactory()
    form = {
        "event": ticket_type.event,
        "quantities": {ticket_type.pk: 1},
        "idempotency_key": uuid.uuid4(),
    }
    booking = hold_places(**form, user=owner)

    for other in (None, UserFactory()):
        with pytest.raises(BookingError) as refused:
            hold_places(**form, user=other)
        assert refused.value.code is Refusal.KEY_REUSED
    assert hold_places(**form, user=owner) == booking
