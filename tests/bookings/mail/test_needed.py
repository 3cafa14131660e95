"""Messages that have nothing left to say when their turn comes."""

import datetime as dt

import pytest
from django.utils import timezone

from bookings.mail.composing import compose
from bookings.models import BookingStatus, Message, MessageKind
from bookings.services.messages import resend_message
from bookings.services.waitlist import leave_waitlist
from events.models import Event, EventStatus
from tests.bookings.mail import occasions
from tests.bookings.mail.occasions import EVERY
from tests.factories import days_from_now

pytestmark = pytest.mark.django_db

REMINDERS = [kind for kind in EVERY if "reminder" in kind]


def is_needed(message: Message) -> bool:
    """As the worker reads it from the database."""
    return compose(Message.objects.get(pk=message.pk)) is not None


@pytest.mark.parametrize("kind", REMINDERS)
@pytest.mark.parametrize(
    "change",
    [
        {"status": EventStatus.CANCELLED},
        {"status": EventStatus.DRAFT},
        {"starts_at": days_from_now(9), "ends_at": days_from_now(9, 23)},
        {"starts_at": timezone.now() - dt.timedelta(minutes=1)},
    ],
    ids=["cancelled", "a draft again", "moved", "started"],
)
def test_reminder_of_an_event_that_is(kind, change):
    message = EVERY[kind]()
    assert is_needed(message)

    Event.objects.update(**change)

    assert not is_needed(message)


def test_message_to_an_address_that_was_put_right():
    message = occasions.confirmation()
    assert is_needed(message)

    type(message.booking).objects.update(email="ada@right.example.com")

    assert not is_needed(message)


@pytest.mark.parametrize("kind", ["confirmation", "ticket"])
def test_tickets_of_an_event_that_is_cancelled(kind):
    message = EVERY[kind]()
    assert is_needed(message)

    Event.objects.update(status=EventStatus.CANCELLED)

    assert not is_needed(message)


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": timezone.now() - dt.timedelta(minutes=1)},
        {"status": BookingStatus.EXPIRED},
        {
            "status": BookingStatus.CONFIRMED,
            "payment_method": "free",
            "confirmed_at": timezone.now(),
        },
    ],
    ids=["ran out", "was released", "was taken"],
)
def test_offer_that(change):
    message = occasions.offer()
    assert is_needed(message)

    type(message.booking).objects.update(**change)

    assert not is_needed(message)


def test_place_in_line_of_someone_who_left():
    message = occasions.waiting()
    assert is_needed(message)

    leave_waitlist(entry=message.waitlist_entry)

    assert not is_needed(message)


def test_message_that_is_sent_once_more_is_one_of_its_own():
    first = occasions.confirmation()
    type(first.booking).objects.update(email="ada@new.example.com")

    resend_message(message=first, recipient="ada@new.example.com")

    again = Message.objects.filter(kind=MessageKind.CONFIRMATION).latest("pk")
    assert (again.booking, again.recipient) == (first.booking, "ada@new.example.com")
    assert again.message_id != first.message_id
    assert compose(again).to == ["ada@new.example.com"]
