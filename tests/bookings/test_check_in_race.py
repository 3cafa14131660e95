"""One ticket, shown at many doors at once, on real connections."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from bookings.actors import SYSTEM
from bookings.exceptions import BookingError, Refusal
from bookings.models import Booking, CheckIn, CheckInWay, Ticket
from bookings.services import booking as booking_services
from bookings.services import check_in as check_in_services
from bookings.services.booking import cancel_booking
from bookings.services.check_in import check_in_ticket
from tests.factories import BookingFactory, TicketTypeFactory, UserFactory

DOORS = 8
IN, CANCELLED = "in", "cancelled"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ticket() -> Ticket:
    ticket_type = TicketTypeFactory()
    booking = BookingFactory(event=ticket_type.event, tickets=[ticket_type])
    return Ticket.objects.select_related("booking__event").get(booking=booking)


def let_in(ticket: Ticket) -> str:
    check_in_ticket(
        ticket=ticket,
        event=ticket.booking.event,
        how=CheckInWay.CODE,
        by=ticket.booking.event.host.owner,
    )
    return IN


def cancel(ticket: Ticket) -> str:
    cancel_booking(booking=ticket.booking, by=SYSTEM)
    return CANCELLED


def all_at_once(does: Sequence[Callable[[Ticket], str]], ticket: Ticket) -> Counter[str]:
    """Each with a copy of the ticket of its own, as each has read it."""
    start = threading.Barrier(len(does), timeout=30)
    rows = Ticket.objects.select_related("booking__event__host__owner")
    copies = [rows.get(pk=ticket.pk) for _ in does]

    def do(number: int) -> str:
        try:
            start.wait()
            return does[number](copies[number])
        except BookingError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(does)) as pool:
        return Counter(pool.map(do, range(len(does))))


def test_looking_first_and_writing_then_lets_many_in_with_one_ticket(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone_has_looked = threading.Barrier(DOORS, timeout=30)

    def enter_without_guard(ticket: Ticket, defaults: dict[str, Any]) -> tuple[CheckIn, bool]:
        earlier = CheckIn.objects.filter(ticket=ticket).first()
        everyone_has_looked.wait()
        if earlier is not None:
            return earlier, False
        return CheckIn.objects.update_or_create(ticket=ticket, defaults=defaults)[0], True

    monkeypatch.setattr(check_in_services, "_enter", enter_without_guard)

    assert all_at_once([let_in] * DOORS, ticket) == {IN: DOORS}


def test_the_unique_key_lets_one_in_and_tells_the_others(ticket: Ticket) -> None:
    told = all_at_once([let_in] * DOORS, ticket)

    assert told == {IN: 1, Refusal.CHECKED_IN: DOORS - 1}
    assert CheckIn.objects.count() == 1


def test_without_a_lock_a_booking_is_cancelled_while_somebody_comes_in_with_it(
    ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_looked = threading.Barrier(2, timeout=30)

    def look_only(found: Any) -> Any:
        both_have_looked.wait()
        return found

    monkeypatch.setattr(
        check_in_services, "_keep_booking", lambda pk: look_only(Booking.objects.get(pk=pk))
    )
    check = booking_services.check_nobody_is_in
    monkeypatch.setattr(
        booking_services, "check_nobody_is_in", lambda tickets: look_only(check(tickets))
    )

    assert all_at_once([let_in, cancel], ticket) == {IN: 1, CANCELLED: 1}


def test_a_booking_is_either_cancelled_or_somebody_comes_in_with_it(ticket: Ticket) -> None:
    told = all_at_once([let_in, cancel] * (DOORS // 2), ticket)

    is_in = CheckIn.objects.exists()
    assert Booking.objects.get().is_confirmed is is_in
    assert told[IN] == int(is_in)
    assert bool(told[CANCELLED]) is not is_in


def test_tickets_of_one_booking_do_not_wait_for_each_other() -> None:
    ticket_type = TicketTypeFactory()
    booking = BookingFactory(event=ticket_type.event, tickets=[ticket_type] * DOORS)
    tickets = list(Ticket.objects.select_related("booking__event").filter(booking=booking))
    everyone_is_in = threading.Barrier(DOORS, timeout=30)
    by = UserFactory()

    def come(ticket: Ticket) -> str:
        """Nobody's transaction ends before everybody holds the booking."""
        try:
            check_in_ticket(ticket=ticket, event=booking.event, how=CheckInWay.CODE, by=by)
        finally:
            connection.close()
        return IN

    keep = check_in_services._keep_booking

    def keep_and_wait(booking_id: int) -> Booking:
        kept = keep(booking_id)
        everyone_is_in.wait()
        return kept

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(DOORS) as pool:
        patch.setattr(check_in_services, "_keep_booking", keep_and_wait)
        assert list(pool.map(come, tickets)) == [IN] * DOORS
