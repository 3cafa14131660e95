import datetime as dt
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.actors import Actor
from bookings.exceptions import BookingError, Refusal
from bookings.models import Booking, BookingStatus, Message, MessageKind, PaymentMethod
from bookings.services.booking import (
    attach_guest_bookings,
    cancel_booking,
    confirm_booking,
    give_back_hold,
)
from bookings.services.expiry import release_overdue_holds
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


@pytest.fixture
def ticket_type():
    return TicketTypeFactory(capacity=5)


@pytest.fixture
def hold(ticket_type):
    return HoldFactory(event=ticket_type.event, tickets=[ticket_type, ticket_type])


def confirm(booking, method=PaymentMethod.FREE, **more):
    details = {"name": "Ada", "email": "ada@example.com", "attendee_names": {}} | more
    return confirm_booking(booking=booking, payment_method=method, **details)


def taken(ticket_type):
    return TicketStock.objects.get(pk=ticket_type.pk).taken


def confirmations(booking):
    """How many are queued: each message has its job."""
    messages = Message.objects.filter(booking=booking, kind=MessageKind.CONFIRMATION)
    queued = {job.args["message_id"] for job in mail_jobs()}
    assert {message.message_id for message in messages} <= queued
    return len(messages)


def mail_jobs():
    return ProcrastinateJob.objects.filter(task_name="bookings.send_message")


def test_confirming_keeps_the_places_and_queues_one_mail(hold, ticket_type):
    first, second = hold.tickets.all()

    booking = confirm(hold, attendee_names={first.pk: "Ada", second.pk: "Charles"})

    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    assert (booking.name, booking.email) == ("Ada", "ada@example.com")
    assert [t.attendee_name for t in booking.tickets.all()] == ["Ada", "Charles"]
    assert taken(ticket_type) == 2
    assert confirmations(booking) == 1


def test_confirming_again_changes_nothing(hold):
    confirm(hold)

    again = confirm(hold, name="Someone else", email="else@example.com")

    assert again.name == "Ada"
    assert confirmations(hold) == 1


def test_mail_is_not_queued_when_the_confirmation_is_rolled_back(hold):
    jobs_before = mail_jobs().count()

    with transaction.atomic():
        confirm(hold)
        transaction.set_rollback(True)

    hold.refresh_from_db()
    assert hold.is_pending
    assert not Message.objects.exists()
    assert mail_jobs().count() == jobs_before


def test_hold_that_ran_out_cannot_be_confirmed(hold):
    hold.expires_at = timezone.now()
    hold.save()

    with pytest.raises(BookingError) as refused:
        confirm(hold)

    assert refused.value.code == Refusal.HOLD_EXPIRED


def test_cancelled_hold_cannot_be_confirmed(hold):
    cancel_booking(booking=hold, by=Actor.buyer())

    with pytest.raises(BookingError) as refused:
        confirm(hold)

    assert refused.value.code == Refusal.NOT_PENDING


def test_hold_for_an_event_cancelled_meanwhile_cannot_be_confirmed(hold):
    hold.event.status = EventStatus.CANCELLED
    hold.event.save()

    with pytest.raises(BookingError) as refused:
        confirm(hold)

    assert refused.value.code == Refusal.EVENT_CANCELLED


def test_hold_for_an_event_that_is_a_draft_again_cannot_be_confirmed(hold):
    hold.event.status = EventStatus.DRAFT
    hold.event.save()

    with pytest.raises(BookingError) as refused:
        confirm(hold)

    assert refused.value.code == Refusal.EVENT_NOT_PUBLISHED


def test_hold_can_be_cancelled_after_the_event_started(ticket_type):
    ticket_type.event.starts_at = days_from_now(-1)
    ticket_type.event.save()
    hold = HoldFactory(event=ticket_type.event, tickets=[ticket_type])

    assert give_back_hold(booking=hold, by=Actor.buyer()).status == BookingStatus.CANCELLED
    assert taken(ticket_type) == 0


def test_logging_in_attaches_what_verification_missed(client):
    user = UserFactory(email="ada@example.com")
    EmailAddress.objects.create(user=user, email=user.email, verified=True)
    missed = BookingFactory(email="ada@example.com")

    client.force_login(user)

    missed.refresh_from_db()
    assert missed.user == user


def test_what_costs_something_cannot_be_confirmed_as_free(hold):
    hold.total = Decimal(20)
    hold.save()

    with pytest.raises(BookingError) as refused:
        confirm(hold, PaymentMethod.FREE)
    assert refused.value.code == Refusal.NO_WAY_TO_PAY

    assert confirm(hold, PaymentMethod.AT_DOOR).payment_method == PaymentMethod.AT_DOOR


@pytest.mark.parametrize("factory", [HoldFactory, BookingFactory])
def test_cancelling_frees_the_places_once(ticket_type, factory):
    booking = factory(event=ticket_type.event, tickets=[ticket_type, ticket_type])
    assert taken(ticket_type) == 2

    cancel_booking(booking=booking, by=Actor.buyer())
    cancel_booking(booking=booking, by=Actor.buyer())

    booking.refresh_from_db()
    assert booking.status == BookingStatus.CANCELLED
    assert taken(ticket_type) == 0


def test_booking_cannot_be_cancelled_once_the_event_started():
    ticket_type = TicketTypeFactory(event=EventFactory(starts_at=days_from_now(-2)))
    booking = BookingFactory(event=ticket_type.event, tickets=[ticket_type])

    with pytest.raises(BookingError) as refused:
        cancel_booking(booking=booking, by=Actor.buyer())

    assert refused.value.code == Refusal.NOT_CANCELLABLE
    assert taken(ticket_type) == 1


def test_sweeper_releases_what_ran_out_and_nothing_else(ticket_type):
    past = timezone.now() - dt.timedelta(minutes=1)
    overdue = HoldFactory(event=ticket_type.event, tickets=[ticket_type], expires_at=past)
    running = HoldFactory(event=ticket_type.event, tickets=[ticket_type])
    confirmed = BookingFactory(event=ticket_type.event, tickets=[ticket_type])

    assert release_overdue_holds() == 1
    assert release_overdue_holds() == 0

    statuses = []
    for booking in (overdue, running, confirmed):
        booking.refresh_from_db()
        statuses.append(booking.status)
    assert statuses == [BookingStatus.EXPIRED, BookingStatus.PENDING, BookingStatus.CONFIRMED]
    assert taken(ticket_type) == 2


@pytest.mark.parametrize("verified", [True, False])
def test_guest_booking_goes_to_the_account_only_if_its_address_is_verified(hold, verified):
    user = UserFactory(email="ada@example.com")
    EmailAddress.objects.create(user=user, email=user.email, verified=verified)

    booking = confirm(hold, email="Ada@example.com")

    booking.refresh_from_db()
    assert booking.user == (user if verified else None)


def test_guest_bookings_are_attached_by_address_whatever_its_case():
    user = UserFactory()
    mine = BookingFactory(email="Ada@Example.com")
    other = BookingFactory(email="charles@example.com")
    someone_elses = BookingFactory(email="ada@example.com", user=UserFactory())

    assert attach_guest_bookings(user=user, verified_email="ada@example.com") == 1

    for booking in (mine, other, someone_elses):
        booking.refresh_from_db()
    assert (mine.user, other.user) == (user, None)
    assert someone_elses.user != user


def test_hold_that_cannot_be_released_does_not_stop_the_others(caplog):
    ticket_type = TicketTypeFactory()
    past = timezone.now() - dt.timedelta(minutes=1)
    holds = [
        HoldFactory(event=ticket_type.event, expires_at=past, tickets=[ticket_type])
        for _ in range(3)
    ]
    broken = HoldFactory(expires_at=past, tickets=[TicketTypeFactory()])
    TicketStock.objects.exclude(pk=ticket_type.pk).update(taken=0)

    assert release_overdue_holds() == 3

    assert {row.status for row in Booking.objects.filter(pk__in=[h.pk for h in holds])} == {
        BookingStatus.EXPIRED
    }
    assert f"hold {broken} cannot be released" in caplog.text
