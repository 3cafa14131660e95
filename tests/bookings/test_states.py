"""The states of a booking: what changes are possible, and what is kept of them."""

import itertools

import pytest
from django.db import DatabaseError, transaction

from bookings.actors import SYSTEM, Actor
from bookings.models import Booking, BookingChange, BookingStatus
from bookings.services.booking import cancel_booking, give_back_hold
from bookings.services.changes import change_status, note_beginning
from bookings.services.expiry import release_overdue_holds
from bookings.states import CHANGES_OF_STATUS
from tests.factories import BookingFactory, HoldFactory, UserFactory

pytestmark = pytest.mark.django_db

EVERY_CHANGE = [pair for pair in itertools.product(BookingStatus, repeat=2) if len(set(pair)) == 2]


def booking_in(status):
    """However it came about: rows may begin in any state."""
    booking = HoldFactory(payment_method="free")
    Booking.objects.filter(pk=booking.pk).delete()
    booking.status, booking.confirmed_at = status, booking.created_at
    booking.save(force_insert=True)
    return booking


@pytest.mark.parametrize(("before", "after"), CHANGES_OF_STATUS)
def test_change_that_is_listed_is_made_and_recorded(before, after):
    booking = booking_in(before)

    change_status(booking, after, by=SYSTEM, reason="For a test.")

    assert Booking.objects.get(pk=booking.pk).status == after
    change = booking.changes.get()
    assert (change.before, change.after) == (before, after)
    assert (change.role, change.actor, change.reason) == ("system", None, "For a test.")


@pytest.mark.parametrize(
    ("before", "after"), [pair for pair in EVERY_CHANGE if pair not in CHANGES_OF_STATUS]
)
def test_any_other_change_is_refused_by_the_database(before, after):
    booking = booking_in(before)

    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(status=after)

    assert Booking.objects.get(pk=booking.pk).status == before


def test_history_says_who_changed_what_and_why():
    user = UserFactory()
    booking = BookingFactory()
    note_beginning(booking, by=Actor.buyer(user))

    cancel_booking(booking=booking, by=Actor.host(user), reason="The hall is too small.")

    begun, cancelled = booking.changes.all()
    assert (begun.before, begun.role, begun.actor) == ("", "buyer", user)
    assert (cancelled.before, cancelled.after) == ("confirmed", "cancelled")
    assert (cancelled.role, cancelled.actor) == ("host", user)
    assert cancelled.reason == "The hall is too small."


def test_expiry_and_giving_back_are_recorded_too():
    overdue, given_back = HoldFactory(), HoldFactory()
    Booking.objects.filter(pk=overdue.pk).update(expires_at=overdue.created_at)

    release_overdue_holds()
    give_back_hold(booking=given_back, by=Actor.buyer())

    assert overdue.changes.get().role == "system"
    assert given_back.changes.get().role == "buyer"


@pytest.mark.parametrize(
    "tamper",
    [
        lambda changes: changes.update(reason="Nothing happened."),
        lambda changes: changes.delete(),
    ],
    ids=["rewriting", "deleting"],
)
def test_history_cannot_be_tampered_with(tamper):
    booking = BookingFactory()
    note_beginning(booking, by=SYSTEM)

    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        tamper(BookingChange.objects.filter(booking=booking))

    assert booking.changes.count() == 1


def test_account_that_is_deleted_leaves_the_history():
    user = UserFactory()
    booking = BookingFactory()
    note_beginning(booking, by=Actor.buyer(user))

    user.delete()

    assert booking.changes.get().actor is None
