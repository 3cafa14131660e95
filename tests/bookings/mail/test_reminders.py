"""When reminders are due, and to whom they go."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.actors import Actor
from bookings.models import Booking, BookingStatus, Message, MessageKind, VoidCode
from bookings.services.booking import cancel_booking
from bookings.services.reminders import LOOKAHEAD, day_before, queue_reminders, reminder_due
from events.models import EventStatus
from events.schedule import Schedule
from tests.bookings.mail.rows import HOLDER, booking_with, sent_on
from tests.factories import BookingFactory, EventFactory

DAY, HOUR = MessageKind.REMINDER_DAY, MessageKind.REMINDER_HOUR
MINUTE = dt.timedelta(minutes=1)
START = dt.datetime(2031, 6, 12, 17, tzinfo=dt.UTC)  # 19:00 in Berlin
DAY_BEFORE = START - dt.timedelta(days=1)
HOUR_BEFORE = START - dt.timedelta(hours=1)


def schedule(start: str, zone: str, *, is_all_day: bool = False) -> Schedule:
    starts_at = dt.datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    return Schedule(starts_at, starts_at + dt.timedelta(hours=3), zone, is_all_day=is_all_day)


@pytest.mark.parametrize(
    ("start", "zone", "due"),
    [
        ("2026-06-12T19:00", "Europe/Berlin", "2026-06-11T17:00Z"),
        # Clocks go forward in the night of 29 March: 23 hours.
        ("2026-03-29T19:00", "Europe/Berlin", "2026-03-28T18:00Z"),
        # And back in the night of 25 October: 25 hours.
        ("2026-10-25T19:00", "Europe/Berlin", "2026-10-24T17:00Z"),
        # The day before has no 02:30: as if the clock had not gone forward.
        ("2026-03-30T02:30", "Europe/Berlin", "2026-03-29T01:30Z"),
        # The day before has it twice: the first.
        ("2026-10-26T02:30", "Europe/Berlin", "2026-10-25T00:30Z"),
        # The event starts at the second 01:30 of New York's 1 November.
        ("2026-11-01T01:30", "America/New_York", "2026-10-31T05:30Z"),
        ("2026-10-04T12:00", "Australia/Lord_Howe", "2026-10-03T01:30Z"),
        ("2026-06-12T00:15", "Asia/Kathmandu", "2026-06-10T18:30Z"),
    ],
)
def test_day_before_is_the_same_time_on_the_clock_of_the_place(start, zone, due):
    assert day_before(schedule(start, zone)) == dt.datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("start", "zone", "due"),
    [
        ("2026-06-12T00:00", "Europe/Berlin", "2026-06-11T08:00Z"),
        ("2026-03-30T00:00", "Europe/Berlin", "2026-03-29T08:00Z"),
        ("2026-01-01T00:00", "Pacific/Kiritimati", "2025-12-30T20:00Z"),
    ],
)
def test_whole_days_are_remembered_at_ten_on_the_day_before(start, zone, due):
    assert day_before(schedule(start, zone, is_all_day=True)) == dt.datetime.fromisoformat(due)


@given(
    starts_at=st.datetimes(
        dt.datetime(2020, 1, 1), dt.datetime(2037, 1, 1), timezones=st.just(dt.UTC)
    ),
    zone=st.timezone_keys(allow_prefix=False),
)
def test_day_before_is_within_what_is_looked_at(starts_at, zone):
    event = Schedule(starts_at, starts_at + dt.timedelta(hours=1), zone)

    due = day_before(event)

    assert dt.timedelta(hours=22) <= starts_at - due <= LOOKAHEAD
    local = due.astimezone(ZoneInfo(zone))
    there_and_back = local.replace(tzinfo=None) + dt.timedelta(days=1)
    # But for a time that the clock skips on the day before.
    assert abs(there_and_back - event.start.replace(tzinfo=None)) <= dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("minutes_before", "kind"),
    [(24 * 60 + 1, None), (24 * 60, DAY), (61, DAY), (60, HOUR), (1, HOUR), (0, None), (-1, None)],
)
def test_one_reminder_is_due_at_a_time(minutes_before, kind):
    event = Schedule(START, START + dt.timedelta(hours=3), "Europe/Berlin")

    due = reminder_due(event, START - minutes_before * MINUTE)

    assert (due and due.kind) == kind


def test_whole_day_has_no_hour_before():
    event = Schedule(START, START + dt.timedelta(days=1), "Etc/GMT+7", is_all_day=True)

    assert event.start.hour == 10
    assert reminder_due(event, START - MINUTE).kind == DAY


@pytest.mark.django_db
class TestQueueing:
    @pytest.fixture
    def booking(self):
        return self.booked()

    def booked(self, quantity=1, **event):
        times = {"starts_at": START, "ends_at": START + dt.timedelta(hours=3)}
        booking = booking_with(quantity, **times | event)
        return self.confirmed(booking, at=DAY_BEFORE - dt.timedelta(days=1))

    def confirmed(self, booking, *, at):
        Booking.objects.filter(pk=booking.pk).update(confirmed_at=at)
        booking.refresh_from_db()
        return booking

    def reminders(self, kind):
        return list(
            Message.objects.filter(kind=kind).order_by("pk").values_list("recipient", flat=True)
        )

    def test_each_is_sent_once(self, booking):
        counts = [
            queue_reminders(now)
            for now in (DAY_BEFORE - MINUTE, DAY_BEFORE, DAY_BEFORE + MINUTE, HOUR_BEFORE, START)
        ]

        assert counts == [0, 1, 0, 1, 0]
        assert self.reminders(DAY) == self.reminders(HOUR) == [booking.email]
        jobs = ProcrastinateJob.objects.filter(task_name="bookings.send_message")
        assert {job.args["message_id"] for job in jobs} >= set(
            Message.objects.values_list("message_id", flat=True)
        )

    def test_worker_that_was_down_sends_what_is_still_of_use(self, booking):
        assert queue_reminders(START - MINUTE) == 1

        assert (self.reminders(DAY), self.reminders(HOUR)) == ([], [booking.email])

    def test_event_that_moved_is_remembered_anew(self, booking):
        queue_reminders(DAY_BEFORE)
        booking.event.starts_at = START + dt.timedelta(hours=2)
        booking.event.save()

        assert queue_reminders(DAY_BEFORE + dt.timedelta(hours=1)) == 0
        assert queue_reminders(DAY_BEFORE + dt.timedelta(hours=2)) == 1

    def test_who_booked_after_it_was_due_knows(self, booking):
        self.confirmed(booking, at=DAY_BEFORE + MINUTE)

        assert queue_reminders(DAY_BEFORE + 2 * MINUTE) == 0
        assert queue_reminders(HOUR_BEFORE) == 1

    @pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.CANCELLED])
    def test_event_that_is_not_published_is_nothing_to_remember(self, booking, status):
        booking.event.status = status
        booking.event.save()

        assert queue_reminders(DAY_BEFORE) == 0

    def test_bookings_that_are_not_confirmed_are_nothing_to_remember(self, booking):
        cancel_booking(booking=booking, by=Actor.admin(None))
        hold = BookingFactory(event=booking.event, status=BookingStatus.EXPIRED)
        self.confirmed(hold, at=DAY_BEFORE - dt.timedelta(days=1))

        assert queue_reminders(DAY_BEFORE) == 0

    def test_whoever_a_ticket_was_sent_on_to_is_reminded_as_well(self):
        booking = self.booked(2)
        ticket = sent_on(booking.tickets.last())
        VoidCode.objects.update(voided_at=DAY_BEFORE - MINUTE)

        assert queue_reminders(DAY_BEFORE) == 2
        assert queue_reminders(DAY_BEFORE) == 0

        assert self.reminders(DAY) == [booking.email, HOLDER]
        assert Message.objects.get(kind=DAY, recipient=HOLDER).ticket == ticket

    def test_who_was_sent_a_ticket_after_it_was_due_knows(self):
        booking = self.booked(2)
        sent_on(booking.tickets.last())
        VoidCode.objects.update(voided_at=DAY_BEFORE + MINUTE)

        queue_reminders(DAY_BEFORE + 2 * MINUTE)

        assert self.reminders(DAY) == [booking.email]

    @pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
    def test_event_on_the_other_side_of_the_date_line_is_found(self, zone):
        self.booked(timezone=zone)

        assert queue_reminders(DAY_BEFORE) == 1

    def test_number_of_queries_is_the_same_for_many(self, booking):
        with CaptureQueriesContext(
            connection,
        ) as for_one:
            assert queue_reminders(DAY_BEFORE) == 1
        for _ in range(9):
            another = BookingFactory(event=booking.event)
            self.confirmed(another, at=DAY_BEFORE - MINUTE)

        with CaptureQueriesContext(connection) as for_many:
            assert queue_reminders(DAY_BEFORE) == 9

        assert len(for_many) == len(for_one)
        assert len(for_one) <= 7  # events, buyers, holders; a savepoint around messages and jobs

    def test_events_that_nobody_booked_take_no_query_each(self, booking, django_assert_num_queries):
        schedule = {"starts_at": START, "ends_at": START + dt.timedelta(hours=3)}
        EventFactory.create_batch(5, **schedule)
        BookingFactory(event=EventFactory(**schedule), status=BookingStatus.EXPIRED)

        queue_reminders(DAY_BEFORE)

        with django_assert_num_queries(3):  # events; buyers and holders of the one that was booked
            assert queue_reminders(DAY_BEFORE + MINUTE) == 0
