"""Letting people in, and what a ticket that somebody came in with can no longer become."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.actors import SYSTEM, Actor
from bookings.exceptions import BookingError, Refusal
from bookings.models import Booking, BookingStatus, CheckIn, CheckInWay, Ticket
from bookings.services.booking import cancel_booking
from bookings.services.check_in import check_in_ticket, undo_check_in
from bookings.services.moving import move_ticket
from bookings.services.notices import cancel_event_and_bookings, carry_out
from bookings.services.tickets import rename_attendees, send_on_ticket
from events.models import Event, EventStatus
from tests.factories import BookingFactory, EventFactory, TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return TicketTypeFactory(event__timezone="America/New_York").event


def booked(event: Event, tickets: int = 1, **fields: object) -> Booking:
    return BookingFactory(event=event, tickets=[event.ticket_types.get()] * tickets, **fields)


def ticket_of(booking: Booking) -> Ticket:
    return Ticket.objects.select_related("booking").filter(booking=booking)[0]


def come(ticket: Ticket, **fields: object) -> CheckIn:
    given = {"event": ticket.booking.event, "how": CheckInWay.CODE, "by": UserFactory()}
    return check_in_ticket(ticket=ticket, **given | fields)


def refused(ticket: Ticket, **fields: object) -> BookingError:
    with pytest.raises(BookingError) as told:
        come(ticket, **fields)
    return told.value


class TestCheckIn:
    def test_says_who_let_whom_in_and_when(self, event: Event) -> None:
        ticket, bo = ticket_of(booked(event)), UserFactory()

        come(ticket, by=bo, how=CheckInWay.LIST)

        kept = CheckIn.objects.get()
        assert (kept.ticket, kept.event, kept.checked_in_by) == (ticket, event, bo)
        assert kept.how == CheckInWay.LIST
        assert timezone.now() - kept.checked_in_at < dt.timedelta(minutes=1)

    def test_tells_when_and_by_whom_a_ticket_was_used_already(self, event: Event) -> None:
        ticket = ticket_of(booked(event))
        come(ticket, by=UserFactory(name="Bo Smith"))
        at = event.starts_at = dt.datetime(2026, 12, 5, 0, 42, tzinfo=dt.UTC)
        CheckIn.objects.update(checked_in_at=at)

        error = refused(ticket, event=event)

        assert error.code is Refusal.CHECKED_IN
        assert str(error) == "Checked in already: 19:42, by Bo Smith."

    def test_says_the_day_too_where_it_is_another_one(self, event: Event) -> None:
        ticket = ticket_of(booked(event))
        come(ticket)
        CheckIn.objects.update(checked_in_at=dt.datetime(2026, 1, 5, 15, 20, tzinfo=dt.UTC))

        assert "5 Jan, 10:20" in str(refused(ticket))

    def test_stands_when_the_account_of_who_did_it_is_gone(self, event: Event) -> None:
        ticket, bo = ticket_of(booked(event)), UserFactory()
        come(ticket, by=bo)
        bo.delete()

        assert "by somebody who is gone" in str(refused(ticket))

    def test_of_a_form_sent_twice_is_told_once_more(self, event: Event) -> None:
        ticket, key = ticket_of(booked(event)), uuid.uuid4()

        assert come(ticket, key=key) == come(ticket, key=key)
        assert refused(ticket, key=uuid.uuid4()).code is Refusal.CHECKED_IN

    @pytest.mark.parametrize(
        "status", [BookingStatus.PENDING, BookingStatus.CANCELLED, BookingStatus.EXPIRED]
    )
    def test_is_refused_unless_the_booking_is_confirmed(
        self, event: Event, status: BookingStatus
    ) -> None:
        good = booked(event)
        bad = booked(event, status=status, expires_at=timezone.now())

        assert come(ticket_of(good))
        error = refused(ticket_of(bad))
        assert error.code is Refusal.NOT_VALID
        assert BookingStatus(status).label.lower() in str(error)

    def test_is_refused_at_another_event(self, event: Event) -> None:
        ticket = ticket_of(booked(event))

        assert refused(ticket, event=EventFactory()).code is Refusal.OTHER_EVENT
        assert come(ticket)

    def test_is_refused_once_the_event_is_cancelled(self, event: Event) -> None:
        first, second = Ticket.objects.filter(booking=booked(event, 2))
        assert come(first)
        event.status = EventStatus.CANCELLED
        event.save()

        assert refused(second, event=event).code is Refusal.NOT_VALID

    def test_is_refused_with_a_code_that_the_ticket_had_a_moment_ago(self, event: Event) -> None:
        ticket = ticket_of(booked(event))
        send_on_ticket(ticket=ticket, name="Bo", email="bo@example.com", by=SYSTEM)

        assert refused(ticket).code is Refusal.NOT_VALID
        assert come(ticket_of(ticket.booking))

    def test_takes_few_queries(self, event: Event) -> None:
        ticket, by = ticket_of(booked(event, 5)), UserFactory()
        Event.objects.get(pk=ticket.booking.event_id)

        with CaptureQueriesContext(
            connection,
        ) as queries:
            check_in_ticket(ticket=ticket, event=event, how=CheckInWay.CODE, by=by)

        # The booking, the ticket, whether somebody is in, the check-in; two pairs of savepoints.
        assert len(queries) <= 8


class TestUndo:
    def test_is_in_the_history_of_the_booking(self, event: Event) -> None:
        ticket, owner = ticket_of(booked(event)), event.host.owner
        come(ticket, by=UserFactory(name="Bo Smith"))

        assert undo_check_in(ticket=ticket, by=Actor.host(owner))

        assert not CheckIn.objects.exists()
        change = ticket.booking.changes.get()
        assert (change.before, change.after) == (BookingStatus.CONFIRMED, BookingStatus.CONFIRMED)
        assert change.actor == owner
        assert "by Bo Smith. Undone." in change.reason
        assert come(ticket)

    def test_of_what_nobody_did_changes_nothing(self, event: Event) -> None:
        ticket = ticket_of(booked(event))

        assert not undo_check_in(ticket=ticket, by=SYSTEM)
        assert not ticket.booking.changes.exists()


class TestTicketThatSomebodyCameInWith:
    @pytest.mark.parametrize("change", ["cancelled", "moved", "sent on"])
    def test_stays_as_it_is_until_that_is_undone(self, event: Event, change: str) -> None:
        booking = booked(event, 2)
        ticket = ticket_of(booking)
        other = TicketTypeFactory(event=event, name="Balcony")
        changes = {
            "cancelled": lambda: cancel_booking(booking=booking, by=Actor.host(event.host.owner)),
            "moved": lambda: move_ticket(
                ticket=ticket, ticket_type=other, keeps_price=True, by=SYSTEM
            ),
            "sent on": lambda: send_on_ticket(
                ticket=ticket, name="Bo", email="bo@example.com", by=SYSTEM
            ),
        }
        come(ticket)

        with pytest.raises(BookingError, match="Somebody came in with this already") as told:
            changes[change]()
        assert told.value.code is Refusal.CHECKED_IN
        assert told.value.is_conflict
        assert ticket_of(booking).ticket_type == ticket.ticket_type
        assert Booking.objects.get().is_confirmed

        undo_check_in(ticket=ticket, by=SYSTEM)
        assert changes[change]()

    def test_leaves_the_others_of_its_booking_free_to_move(self, event: Event) -> None:
        first, second = Ticket.objects.filter(booking=booked(event, 2))
        other = TicketTypeFactory(event=event, name="Balcony")
        come(first)

        move_ticket(ticket=second, ticket_type=other, keeps_price=True, by=SYSTEM)

        assert Ticket.objects.get(pk=second.pk).ticket_type == other

    def test_can_get_another_name(self, event: Event) -> None:
        ticket = ticket_of(booked(event))
        come(ticket)
        by = Actor.host(event.host.owner)

        rename_attendees(booking=ticket.booking, names={ticket.code: "Bo"}, by=by)

        assert ticket_of(ticket.booking).attendee_name == "Bo"

    def test_does_not_keep_a_host_from_cancelling_the_whole_event(self, event: Event) -> None:
        booking = booked(event)
        come(ticket_of(booking))

        by = Actor.host(event.host.owner)
        carry_out(cancel_event_and_bookings(event=event, by=by, text=""))

        booking.refresh_from_db()
        assert booking.status == BookingStatus.CANCELLED
