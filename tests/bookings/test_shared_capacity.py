"""Places that several ticket types share, through all that claims them and gives them back."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import TestCase
from django.utils import timezone

from bookings.actors import SYSTEM
from bookings.exceptions import BookingError, Refusal
from bookings.models import Booking, BookingStatus, WaitlistEntry, WaitlistStatus
from bookings.services.adding import add_attendee
from bookings.services.booking import cancel_booking
from bookings.services.holding import hold_places
from bookings.services.inventory import TooFewLeft, claim_places
from bookings.services.moving import destinations_of, move_ticket
from bookings.services.notices import cancel_event_and_bookings, carry_out
from bookings.services.verification import find_differences
from bookings.services.waitlist import can_wait_for, join_waitlist, offer_places
from bookings.services.withdrawing import delete_ticket_type
from events.models import SaleState, SharedCapacity, TicketStock, TicketType
from tests.factories import (
    BookingFactory,
    HoldFactory,
    SharedCapacityFactory,
    TicketTypeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> SharedCapacity:
    return SharedCapacityFactory(name="Hall", capacity=4)


@pytest.fixture
def standard(hall: SharedCapacity) -> TicketType:
    return TicketTypeFactory(event=hall.event, shared_capacity=hall)


@pytest.fixture
def reduced(hall: SharedCapacity) -> TicketType:
    return TicketTypeFactory(event=hall.event, name="Reduced", capacity=3, shared_capacity=hall)


def hold(*types: TicketType, **more: Any) -> Booking:
    quantities = {row.pk: types.count(row) for row in types}
    return hold_places(
        event=types[0].event, quantities=quantities, idempotency_key=uuid.uuid4(), **more
    )


def refused(*types: TicketType) -> list[str]:
    with pytest.raises(BookingError) as caught:
        hold(*types)
    assert caught.value.code == Refusal.SOLD_OUT
    return [problem.message for problem in caught.value.problems]


def taken(hall: SharedCapacity) -> int:
    return SharedCapacity.objects.get(pk=hall.pk).taken


def fresh(ticket_type: TicketType) -> TicketType:
    return TicketType.objects.with_stock().select_related("event").get(pk=ticket_type.pk)


def waits(ticket_type: TicketType, name: str, quantity: int = 1) -> WaitlistEntry:
    return join_waitlist(
        ticket_type=fresh(ticket_type), quantity=quantity, name=name, email=f"{name}@example.com"
    )


def test_types_are_sold_until_the_hall_is_full(
    hall: SharedCapacity, standard: TicketType, reduced: TicketType
) -> None:
    hold(standard, standard, reduced)
    assert (taken(hall), fresh(standard).stock.left, fresh(reduced).stock.left) == (3, 1, 1)

    assert refused(standard, standard) == ["Only 1 left now."]
    assert refused(standard, reduced) == ["Only 1 left now for these tickets together."] * 2
    hold(reduced)
    assert fresh(standard).sale_state is SaleState.SOLD_OUT
    assert refused(standard) == ["Sold out meanwhile."]
    assert find_differences() == []


def test_a_limit_of_its_own_counts_too(
    hall: SharedCapacity, standard: TicketType, reduced: TicketType
) -> None:
    hold(reduced, reduced, reduced)

    assert refused(reduced) == ["Sold out meanwhile."]
    hold(standard)
    assert taken(hall) == 4


def test_holds_that_ran_out_block_neither_their_own_type_nor_the_others(
    hall: SharedCapacity, standard: TicketType, reduced: TicketType
) -> None:
    past = timezone.now() - dt.timedelta(seconds=1)
    HoldFactory(event=hall.event, tickets=[reduced] * 2, expires_at=past)
    HoldFactory(event=hall.event, tickets=[standard] * 2, expires_at=past)

    hold(standard, standard, standard, standard)

    assert taken(hall) == 4
    assert find_differences() == []


def test_cancelling_and_the_end_of_the_event_give_everything_back(
    hall: SharedCapacity, standard: TicketType, reduced: TicketType
) -> None:
    one, _other = hold(standard), hold(standard, reduced)

    cancel_booking(booking=one, by=SYSTEM)
    assert taken(hall) == 2

    carry_out(cancel_event_and_bookings(event=hall.event, by=SYSTEM))
    assert taken(hall) == 0
    assert find_differences() == []


def test_a_claim_without_a_check_before_it_is_refused_all_the_same(
    standard: TicketType, reduced: TicketType
) -> None:
    hold(standard, standard)

    with pytest.raises(TooFewLeft):
        claim_places({standard.pk: 1, reduced.pk: 2})


def test_adding_by_hand_counts(hall: SharedCapacity, standard: TicketType) -> None:
    def add(quantity: int) -> Booking:
        return add_attendee(
            ticket_type=standard,
            quantity=quantity,
            name="Ada",
            email="ada@example.com",
            is_free=True,
            idempotency_key=uuid.uuid4(),
            by=SYSTEM,
        )

    add(4)

    assert taken(hall) == 4
    with pytest.raises(BookingError, match="Sold out meanwhile"):
        add(1)


class TestMoving:
    def test_within_a_full_hall_is_possible_and_changes_nothing_there(
        self, hall: SharedCapacity, standard: TicketType, reduced: TicketType
    ) -> None:
        ticket = BookingFactory(event=hall.event, tickets=[standard] * 4).tickets.first()

        assert [row.left for row in destinations_of(ticket)] == [3]
        move_ticket(ticket=ticket, ticket_type=reduced, keeps_price=True, by=SYSTEM)

        assert taken(hall) == 4
        assert find_differences() == []

    def test_in_and_out_is_counted(self, hall: SharedCapacity, standard: TicketType) -> None:
        outside = TicketTypeFactory(event=hall.event, name="Outside")
        ticket = BookingFactory(event=hall.event, tickets=[outside]).tickets.get()

        move_ticket(ticket=ticket, ticket_type=standard, keeps_price=True, by=SYSTEM)
        assert taken(hall) == 1
        ticket.refresh_from_db()
        move_ticket(ticket=ticket, ticket_type=outside, keeps_price=True, by=SYSTEM)
        assert taken(hall) == 0

    def test_into_a_full_hall_is_refused(
        self, hall: SharedCapacity, standard: TicketType, reduced: TicketType
    ) -> None:
        BookingFactory(event=hall.event, tickets=[standard] * 4)
        outside = TicketTypeFactory(event=hall.event, name="Outside")
        ticket = BookingFactory(event=hall.event, tickets=[outside]).tickets.get()

        with pytest.raises(BookingError, match="Sold out meanwhile"):
            move_ticket(ticket=ticket, ticket_type=reduced, keeps_price=True, by=SYSTEM)


class TestWaiting:
    def test_is_possible_for_a_type_that_has_places_in_a_hall_that_has_none(
        self, hall: SharedCapacity, standard: TicketType, reduced: TicketType
    ) -> None:
        assert not can_wait_for(fresh(reduced))
        BookingFactory(event=hall.event, tickets=[standard] * 4)

        assert can_wait_for(fresh(reduced))

    def test_whoever_waits_longest_gets_what_comes_free_of_any_type(
        self, hall: SharedCapacity, standard: TicketType, reduced: TicketType
    ) -> None:
        booking = BookingFactory(event=hall.event, tickets=[standard])
        BookingFactory(event=hall.event, tickets=[standard] * 3)
        first, second = waits(reduced, "ada"), waits(standard, "bo")

        with TestCase.captureOnCommitCallbacks(execute=True):
            cancel_booking(booking=booking, by=SYSTEM)

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.status, second.status) == (WaitlistStatus.OFFERED, WaitlistStatus.WAITING)
        assert taken(hall) == 4
        assert find_differences() == []

    def test_nobody_slips_past_the_line_of_another_type(
        self, hall: SharedCapacity, standard: TicketType, reduced: TicketType
    ) -> None:
        booking = BookingFactory(event=hall.event, tickets=[standard])
        BookingFactory(event=hall.event, tickets=[standard] * 3)
        waits(reduced, "ada")
        cancel_booking(booking=booking, by=SYSTEM)  # the offer is not made yet

        assert refused(standard) == ["What is left goes to the waiting list first."]
        with pytest.raises(TooFewLeft):
            claim_places({standard.pk: 1})

    @pytest.mark.parametrize(
        "facts",
        [
            {"sales_end": dt.timedelta(hours=-1)},
            {"price": 10},
            {"min_per_booking": 2},
        ],
    )
    def test_a_line_that_can_be_offered_nothing_does_not_hold_up_the_others(
        self, hall: SharedCapacity, standard: TicketType, reduced: TicketType, facts: dict[str, Any]
    ) -> None:
        booking = BookingFactory(event=hall.event, tickets=[standard])
        BookingFactory(event=hall.event, tickets=[standard] * 3)
        waits(reduced, "ada", quantity=2)
        if "sales_end" in facts:
            facts = {"sales_end": timezone.now() + facts["sales_end"]}
        TicketType.objects.filter(pk=reduced.pk).update(**facts)
        hall.event.allows_pay_at_door = False
        hall.event.save(update_fields=["allows_pay_at_door"])

        cancel_booking(booking=booking, by=SYSTEM)
        offer_places()
        hold(standard)

        assert taken(hall) == 4

    def test_a_line_for_a_type_with_a_limit_of_its_own_is_its_own(
        self, hall: SharedCapacity, standard: TicketType, reduced: TicketType
    ) -> None:
        BookingFactory(event=hall.event, tickets=[reduced] * 3)
        waits(reduced, "ada")

        hold(standard)

        assert taken(hall) == 4

    def test_an_offer_is_for_no_more_than_the_hall_has(
        self, hall: SharedCapacity, standard: TicketType, reduced: TicketType
    ) -> None:
        booking = BookingFactory(event=hall.event, tickets=[standard])
        BookingFactory(event=hall.event, tickets=[standard] * 3)
        entry = waits(reduced, "ada", quantity=3)
        cancel_booking(booking=booking, by=SYSTEM)

        assert offer_places(ticket_type_ids=[standard.pk]) == 1

        entry.refresh_from_db()
        assert entry.offer is not None
        assert entry.offer.tickets.count() == 1
        assert Booking.objects.get(pk=entry.offer.pk).status == BookingStatus.PENDING


def test_a_type_that_was_never_sold_goes_and_leaves_the_hall_as_it_is(
    hall: SharedCapacity, standard: TicketType, reduced: TicketType
) -> None:
    hold(standard)

    delete_ticket_type(ticket_type=reduced)

    assert taken(hall) == 1
    assert not TicketStock.objects.filter(pk=reduced.pk).exists()
    assert find_differences() == []


def test_a_booking_without_shared_places_takes_no_more_queries(
    standard: TicketType, django_assert_num_queries: Any
) -> None:
    plain = TicketTypeFactory()

    with django_assert_num_queries(1):
        claim_places({plain.pk: 1})
    with django_assert_num_queries(2):
        claim_places({standard.pk: 1})
