"""What one person may book of an event, by account and by mailbox."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Value

from bookings.actors import Actor
from bookings.exceptions import BookingError, Refusal
from bookings.models import Booking, PaymentMethod
from bookings.persons import EmailKey
from bookings.services import person_limits
from bookings.services.booking import cancel_booking, confirm_booking
from bookings.services.holding import hold_places
from tests.factories import BookingFactory, EventFactory, TicketTypeFactory, UserFactory


def type_with(**limits):
    return TicketTypeFactory(event=EventFactory(**limits), capacity=100)


def hold(ticket_type, quantity, user=None):
    return hold_places(
        event=ticket_type.event,
        quantities={ticket_type.pk: quantity},
        idempotency_key=uuid.uuid4(),
        user=user,
    )


def confirm(booking, email, user=None):
    return confirm_booking(
        booking=booking,
        name="Ada",
        email=email,
        attendee_names={},
        payment_method=PaymentMethod.FREE,
        user=user,
    )


def is_refused(action, *args, **kwargs):
    with pytest.raises(BookingError) as refused:
        action(*args, **kwargs)
    return refused.value.code


@pytest.mark.django_db
def test_most_tickets_a_booking_holds_over_all_types_together():
    ticket_type = type_with(max_tickets_per_booking=3)
    other = TicketTypeFactory(event=ticket_type.event)

    code = is_refused(
        hold_places,
        event=ticket_type.event,
        quantities={ticket_type.pk: 2, other.pk: 2},
        idempotency_key=uuid.uuid4(),
    )

    assert code is Refusal.TOO_MANY
    assert hold(ticket_type, 3).tickets.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada@Example.COM", "ada@example.com"),
        ("ada+jazz+two@example.com", "ada@example.com"),
        ("a.d.a+x@gmail.com", "ada@gmail.com"),
        ("A.da@googlemail.com", "ada@gmail.com"),
        ("a.d.a@example.com", "a.d.a@example.com"),
        ("+a@example.com", "+a@example.com"),
        ("", ""),
    ],
)
def test_mailbox_is_the_same_however_its_address_is_written(address, mailbox):
    booking = BookingFactory(status="cancelled", email=address)

    assert Booking.objects.get(pk=booking.pk).email_key == mailbox
    assert Booking.objects.values_list(EmailKey(Value(address)), flat=True).get() == mailbox


@pytest.mark.django_db
def test_guest_is_known_by_the_mailbox():
    ticket_type = type_with(max_tickets_per_person=3)
    confirm(hold(ticket_type, 2), "ada@example.com")
    second = hold(ticket_type, 2)

    assert is_refused(confirm, second, "Ada+2@example.com") is Refusal.TOO_MANY_FOR_PERSON
    assert confirm(second, "bo@example.com").is_confirmed


@pytest.mark.django_db
def test_account_is_one_person_whatever_addresses_are_typed():
    ticket_type = type_with(max_tickets_per_person=3)
    user = UserFactory()
    first = confirm(hold(ticket_type, 2, user), "work@example.com", user)

    assert is_refused(hold, ticket_type, 2, user) is Refusal.TOO_MANY_FOR_PERSON
    later = hold(ticket_type, 2)
    assert is_refused(confirm, later, "home@example.com", user) is Refusal.TOO_MANY_FOR_PERSON
    cancel_booking(booking=first, by=Actor.buyer(user))
    assert confirm(later, "home@example.com", user).user == user


@pytest.mark.django_db
def test_holds_of_an_account_count_so_that_nobody_hoards_places():
    ticket_type = type_with(max_tickets_per_person=3)
    user = UserFactory()
    hold(ticket_type, 2, user)

    assert is_refused(hold, ticket_type, 2, user) is Refusal.TOO_MANY_FOR_PERSON
    assert hold(ticket_type, 1, user).is_pending


@pytest.mark.django_db
def test_hold_that_ran_out_does_not_count_even_where_no_worker_released_it():
    ticket_type = type_with(max_tickets_per_person=2)
    user = UserFactory()
    earlier = hold(ticket_type, 2, user)
    Booking.objects.filter(pk=earlier.pk).update(expires_at=earlier.created_at)

    assert hold(ticket_type, 2, user).is_pending


@pytest.mark.django_db
def test_other_events_do_not_count():
    ticket_type, other = (type_with(max_tickets_per_person=1) for _ in range(2))
    confirm(hold(other, 1), "ada@example.com")

    assert confirm(hold(ticket_type, 1), "ada@example.com").is_confirmed


def tickets_after_confirming_at_once(bookings):
    start = threading.Barrier(len(bookings), timeout=30)

    def confirm_one(booking):
        try:
            start.wait()
            confirm(booking, "ada@example.com")
        except BookingError as error:
            return error.code
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(bookings)) as people:
        refusals = list(people.map(confirm_one, bookings))
    return refusals, Booking.objects.confirmed().count()


@pytest.mark.django_db(transaction=True)
def test_bookings_of_one_person_confirmed_at_once_see_each_other(monkeypatch):
    ticket_type = type_with(max_tickets_per_person=1)
    everyone_has_counted = threading.Barrier(6, timeout=30)
    count = person_limits._check

    def check_when_all_have(*args, **kwargs):
        count(*args, **kwargs)
        everyone_has_counted.wait()

    with monkeypatch.context() as unguarded:
        unguarded.setattr(person_limits, "_lock", lambda *args: None)
        unguarded.setattr(person_limits, "_check", check_when_all_have)
        bookings = [hold_without_check(ticket_type) for _ in range(6)]
        _, confirmed = tickets_after_confirming_at_once(bookings)
    assert confirmed == 6, "without the lock, each is checked before any is confirmed"

    ticket_type = type_with(max_tickets_per_person=1)
    bookings = [hold(ticket_type, 1) for _ in range(6)]
    refusals, confirmed = tickets_after_confirming_at_once(bookings)

    assert confirmed == 6 + 1
    assert refusals.count(Refusal.TOO_MANY_FOR_PERSON) == 5


def hold_without_check(ticket_type):
    return BookingFactory(
        event=ticket_type.event,
        status="pending",
        payment_method="",
        confirmed_at=None,
        expires_at=ticket_type.event.starts_at,
        tickets=[ticket_type],
    )
