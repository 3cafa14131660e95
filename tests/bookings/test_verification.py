import io
import logging
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from bookings.actors import Actor
from bookings.models import InventoryCheck, PaymentMethod, PromoCode, WaitlistEntry
from bookings.services.booking import cancel_booking, confirm_booking
from bookings.services.holding import hold_places
from bookings.services.verification import find_differences, verify_inventory
from events.models import SharedCapacity, TicketStock
from tests.factories import (
    BookingFactory,
    EventFactory,
    SharedCapacityFactory,
    TicketTypeFactory,
)

pytestmark = pytest.mark.django_db

CLEAN = "Every counter is what the rows say.\n"


@pytest.fixture
def event():
    return EventFactory(title="Night Swim")


@pytest.fixture
def ticket_type(event):
    """Two of ten places taken, one person in line."""
    made = TicketTypeFactory(event=event, name="Standing", capacity=10)
    BookingFactory(event=event, tickets=[made] * 2)
    WaitlistEntry.objects.create(ticket_type=made, quantity=1, name="Bo", email="bo@example.com")
    TicketStock.objects.filter(pk=made.pk).update(waiting=1)
    return made


@pytest.fixture
def promo_code(event):
    """Used by one booking."""
    code = PromoCode.objects.create(event=event, code="EARLY", value=10, max_uses=5, uses=1)
    BookingFactory(event=event, promo_code=code)
    return code


@pytest.fixture
def stock(ticket_type, promo_code):
    """A row to be made wrong, among counters that are right."""
    TicketTypeFactory(capacity=5)
    return TicketStock.objects.filter(pk=ticket_type.pk)


def run(*arguments):
    """The command's exit code, and what it wrote to stdout and to stderr."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_inventory", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{err.getvalue()}{error}"
    return 0, out.getvalue(), err.getvalue()


def test_counters_that_are_right_are_clean(stock):
    assert run() == (0, CLEAN, "")
    assert InventoryCheck.objects.get().differences == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"taken": 5}, "Night Swim: Standing: taken is 5, and the rows say 2"),
        ({"taken": 0}, "Night Swim: Standing: taken is 0, and the rows say 2"),
        ({"waiting": 0}, "Night Swim: Standing: waiting is 0, and the rows say 1"),
    ],
)
def test_stock_that_differs_is_named_with_its_numbers(stock, wrong, said):
    stock.update(**wrong)

    assert run() == (1, "", f"{said}\n1 counters are not what the rows say.")
    assert stock.filter(**wrong).exists()


def test_uses_of_a_code_that_differ_are_named_with_their_numbers(stock, promo_code):
    PromoCode.objects.filter(pk=promo_code.pk).update(uses=4)

    code, _, said = run()

    assert code == 1
    assert "Night Swim: code EARLY: uses is 4, and the rows say 1" in said


def test_shared_places_that_differ_are_named_and_mended(event):
    hall = SharedCapacityFactory(event=event, name="Hall")
    shared = TicketTypeFactory(event=event, shared_capacity=hall)
    BookingFactory(event=event, tickets=[shared] * 2)
    SharedCapacity.objects.update(taken=3)

    differences = verify_inventory(repair=True)

    assert [str(row) for row in differences] == ["Night Swim: Hall: taken is 3, and the rows say 2"]
    assert SharedCapacity.objects.get().taken == 2
    assert find_differences() == []


def test_every_difference_is_named_in_one_run(stock, promo_code):
    stock.update(taken=3, waiting=2)
    PromoCode.objects.filter(pk=promo_code.pk).update(uses=0)

    code, _, said = run()

    assert code == 1
    assert len(said.splitlines()) == 4
    assert InventoryCheck.objects.get().differences == 3


def test_repair_mends_and_logs(stock, promo_code, caplog):
    stock.update(taken=3, waiting=2)
    PromoCode.objects.filter(pk=promo_code.pk).update(uses=0)

    with caplog.at_level(logging.WARNING, logger="bookings"):
        code, out, _ = run("--repair")

    assert (code, out) == (0, "3 repaired.\n")
    assert stock.filter(taken=2, waiting=1).exists()
    assert PromoCode.objects.get(pk=promo_code.pk).uses == 1
    assert "repaired: Night Swim: Standing: taken is 3, and the rows say 2" in caplog.text
    assert InventoryCheck.objects.get().repaired
    assert run() == (0, CLEAN, "")


def test_what_is_really_oversold_is_named_and_left_to_a_person(stock, caplog):
    stock.update(capacity=1, taken=1, waiting=0)

    code, _, said = run("--repair")

    assert code == 1
    assert "taken is 1, and the rows say 2, which is more than the 1 there are" in said
    assert "not repaired: Night Swim: Standing: taken is 1" in caplog.text
    assert stock.filter(taken=1, waiting=1).exists()
    assert not InventoryCheck.objects.get().repaired


def test_repair_of_what_is_right_changes_nothing(stock):
    assert run("--repair") == (0, "0 repaired.\n", "")


@pytest.mark.django_db(transaction=True)
class TestWhileBookingsAreMade:
    BUYERS = 4

    @pytest.fixture
    def ticket_type(self, event):
        return TicketTypeFactory(event=event, capacity=1_000)

    @pytest.fixture
    def code(self, event):
        return PromoCode.objects.create(event=event, code="ALL", value=10, max_uses=1_000)

    @pytest.fixture
    def busy(self, event, ticket_type, code):
        """Buyers that book and cancel in threads, until the test's with block ends."""
        done = threading.Event()

        def buy(number):
            try:
                while not done.is_set():
                    booking = hold_places(
                        event=event,
                        quantities={ticket_type.pk: 1 + number % 3},
                        idempotency_key=uuid.uuid4(),
                        promo_code=code.code,
                    )
                    confirm_booking(
                        booking=booking,
                        name="Ada",
                        email="ada@example.com",
                        attendee_names={},
                        payment_method=PaymentMethod.FREE,
                    )
                    if number % 2:
                        cancel_booking(booking=booking, by=Actor.buyer())
            finally:
                connection.close()

        with ThreadPoolExecutor(self.BUYERS) as pool:
            buyers = [pool.submit(buy, number) for number in range(self.BUYERS)]
            yield
            done.set()
            for buyer in buyers:
                buyer.result()

    def test_no_difference_is_seen(self, busy):
        assert [find_differences() for _ in range(30)] == [[]] * 30

    def test_repair_counts_what_is_sold_meanwhile(self, busy, ticket_type, code):
        for _ in range(15):
            TicketStock.objects.filter(pk=ticket_type.pk).update(taken=F("taken") + 1)
            PromoCode.objects.filter(pk=code.pk).update(uses=F("uses") + 1)
            assert verify_inventory(repair=True)
            assert find_differences() == []
