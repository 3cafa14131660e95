"""All buyers of an event are told something, in batches, and once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.actors import SYSTEM, Actor
from bookings.mail.composing import compose
from bookings.models import (
    Booking,
    BookingChange,
    BookingStatus,
    DiscountKind,
    Message,
    MessageKind,
    MessageState,
    Notice,
    NoticeKind,
    PromoCode,
)
from bookings.services import notices
from bookings.services.booking import cancel_booking
from bookings.services.notices import (
    cancel_event_and_bookings,
    carry_out,
    progress_of,
    tell_of_change,
    unfinished_notices,
)
from bookings.services.verification import find_differences
from bookings.services.waitlist import join_waitlist
from events.exceptions import EventError, EventRefusal
from events.models import Event, EventStatus, TicketStock
from tests.factories import BookingFactory, HoldFactory, TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "BATCH_SIZE", 2)


@pytest.fixture
def event() -> Event:
    """Published, with five bookings of a ticket each."""
    ticket_type = TicketTypeFactory()
    for number in range(5):
        BookingFactory(
            event=ticket_type.event, tickets=[ticket_type], email=f"b{number}@example.com"
        )
    event: Event = ticket_type.event
    return event


def recipients(kind: MessageKind) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def carry_out_all_unfinished() -> None:
    for pk in unfinished_notices():
        carry_out(Notice.objects.get(pk=pk))


def buyers(event: Event) -> list[str]:
    return sorted(event.bookings.values_list("email", flat=True))


def jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name="bookings.carry_out_notice").count()


class TestCancellingAnEvent:
    def test_ends_every_booking_and_tells_each_buyer(self, event: Event) -> None:
        hold = HoldFactory(event=event, tickets=[event.ticket_types.get()], email="h@example.com")
        by = Actor.host(UserFactory())

        notice = cancel_event_and_bookings(event=event, by=by, text="The roof leaks.")
        assert (notice.bookings_to_tell, notice.finished_at, jobs()) == (6, None, 1)
        carry_out(notice)

        event.refresh_from_db()
        assert event.is_cancelled
        assert {b.status for b in event.bookings.all()} == {BookingStatus.CANCELLED}
        assert TicketStock.objects.get().taken == 0
        assert recipients(MessageKind.CANCELLATION) == [
            email for email in buyers(event) if email != hold.email
        ]
        changes = BookingChange.objects.all()
        assert {(c.actor, c.role, c.reason) for c in changes} == {
            (by.user, by.role, "The event was cancelled.")
        }
        notice.refresh_from_db()
        assert notice.finished_at is not None

    def test_tells_holders_of_tickets_that_were_sent_on(self, event: Event) -> None:
        booking = event.bookings.first()
        booking.tickets.update(holder_email="holder@example.com")

        carry_out(cancel_event_and_bookings(event=event, by=SYSTEM))

        assert recipients(MessageKind.CANCELLATION) == [*buyers(event), "holder@example.com"]

    def test_gives_back_uses_of_promo_codes(self, event: Event) -> None:
        code = PromoCode.objects.create(
            event=event, code="SPRING", kind=DiscountKind.PERCENT, value=Decimal(20), uses=1
        )
        booking = event.bookings.first()
        Booking.objects.filter(pk=booking.pk).update(promo_code=code)

        carry_out(cancel_event_and_bookings(event=event, by=SYSTEM))

        code.refresh_from_db()
        assert code.uses == 0

    def test_again_is_the_same_notice_while_it_is_under_way(self, event: Event) -> None:
        first = cancel_event_and_bookings(event=event, by=SYSTEM)
        again = cancel_event_and_bookings(event=event, by=SYSTEM)
        assert (first, jobs()) == (again, 1)

        carry_out(first)
        later = cancel_event_and_bookings(event=event, by=SYSTEM)
        assert later != first
        assert later.bookings_to_tell == 0

    def test_of_a_draft_is_refused_and_changes_nothing(self, event: Event) -> None:
        Event.objects.update(status=EventStatus.DRAFT)

        with pytest.raises(EventError) as refused:
            cancel_event_and_bookings(event=event, by=SYSTEM)

        assert refused.value.code is EventRefusal.NOT_PUBLISHED
        assert {b.status for b in event.bookings.all()} == {BookingStatus.CONFIRMED}
        assert (event.notices.count(), jobs()) == (0, 0)

    def test_goes_on_where_it_was_stopped_and_tells_nobody_twice(self, event: Event) -> None:
        notice = cancel_event_and_bookings(event=event, by=SYSTEM)
        cancel_booking(booking=event.bookings.first(), by=SYSTEM)

        carry_out_all_unfinished()
        carry_out_all_unfinished()
        carry_out(notice)

        assert recipients(MessageKind.CANCELLATION) == buyers(event)
        assert BookingChange.objects.count() == 5

    def test_ends_a_booking_that_was_confirmed_in_that_moment(self, event: Event) -> None:
        carry_out(cancel_event_and_bookings(event=event, by=SYSTEM))
        late = BookingFactory(
            event=event, tickets=[event.ticket_types.get()], email="z@example.com"
        )

        carry_out_all_unfinished()

        late.refresh_from_db()
        assert late.status == BookingStatus.CANCELLED
        assert "z@example.com" in recipients(MessageKind.CANCELLATION)

    def test_leaves_events_alone_that_are_on_again(self, event: Event) -> None:
        carry_out(cancel_event_and_bookings(event=event, by=SYSTEM))
        Event.objects.update(status=EventStatus.PUBLISHED)
        new = BookingFactory(event=event, tickets=[event.ticket_types.get()])

        carry_out_all_unfinished()

        new.refresh_from_db()
        assert new.is_confirmed

    def test_uses_the_words_of_the_last_time(self, event: Event) -> None:
        carry_out(cancel_event_and_bookings(event=event, by=SYSTEM, text="The first time."))
        Event.objects.update(status=EventStatus.PUBLISHED)
        new = BookingFactory(event=event, tickets=[event.ticket_types.get()])
        last = cancel_event_and_bookings(event=event, by=SYSTEM, text="Again.")

        carry_out_all_unfinished()

        assert Message.objects.get(booking=new).notice == last

    def test_tells_those_who_wait_and_ends_the_line(self, event: Event) -> None:
        ticket_type = TicketTypeFactory(event=event, capacity=0)
        entry = join_waitlist(
            ticket_type=ticket_type, quantity=1, name="Ada", email="ada@example.com"
        )

        carry_out(cancel_event_and_bookings(event=event, by=SYSTEM, text="No roof."))

        entry.refresh_from_db()
        assert entry.status == "ended"
        message = Message.objects.get(kind=MessageKind.CANCELLATION, waitlist_entry=entry)
        assert "No roof." in compose(message).body
        assert find_differences() == []


class TestTellingOfAChange:
    def tell(self, event: Event, **words: str) -> Any:
        return tell_of_change(event=event, by=SYSTEM, **{"old_place": "Elsewhere"} | words)

    def test_tells_each_buyer_and_holder_once(self, event: Event) -> None:
        booking = event.bookings.first()
        booking.tickets.update(holder_email="holder@example.com")
        notice = self.tell(event, text="So sorry.")
        assert (notice.kind, notice.old_place, jobs()) == (NoticeKind.CHANGED, "Elsewhere", 1)

        carry_out(notice)
        carry_out(notice)
        carry_out_all_unfinished()

        assert recipients(MessageKind.CHANGE) == [*buyers(event), "holder@example.com"]
        assert {b.status for b in event.bookings.all()} == {BookingStatus.CONFIRMED}

    def test_tells_of_the_next_change_too(self, event: Event) -> None:
        carry_out(self.tell(event))
        carry_out(self.tell(event))

        assert len(recipients(MessageKind.CHANGE)) == 10

    def test_tells_nobody_whose_booking_ended_or_came_later(self, event: Event) -> None:
        first, second, *_ = event.bookings.order_by("pk")
        cancel_booking(booking=first, by=SYSTEM)
        notice = self.tell(event)
        Booking.objects.filter(pk=second.pk).update(
            confirmed_at=timezone.now() + dt.timedelta(minutes=1)
        )
        HoldFactory(event=event)

        carry_out(notice)

        told = set(buyers(event)) - {first.email, second.email, "ada@example.com"}
        assert recipients(MessageKind.CHANGE) == sorted(told)


class TestProgress:
    def test_counts_bookings_and_mails_of_a_cancellation(self, event: Event) -> None:
        notice = cancel_event_and_bookings(event=event, by=SYSTEM)
        before = progress_of(notice)
        carry_out(notice)
        sent, failed, *_ = Message.objects.all()
        Message.objects.filter(pk=sent.pk).update(state=MessageState.SENT)
        Message.objects.filter(pk=failed.pk).update(state=MessageState.FAILED)
        after = progress_of(notice)

        assert (before.done, before.bookings, before.on_their_way) == (0, 5, 0)
        assert (after.done, after.bookings) == (5, 5)
        assert (after.sent, after.on_their_way, after.failed) == (1, 3, 1)

    def test_counts_buyers_not_holders_of_a_change(self, event: Event) -> None:
        event.bookings.first().tickets.update(holder_email="holder@example.com")
        notice = tell_of_change(event=event, by=SYSTEM, old_time="Yesterday")
        assert progress_of(notice).done == 0

        carry_out(notice)

        progress = progress_of(notice)
        assert (progress.done, progress.bookings, progress.on_their_way) == (5, 5, 6)
