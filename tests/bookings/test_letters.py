"""A host writes to attendees: to whom, once each, and how often."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.exceptions import BookingError, Refusal
from bookings.models import Booking, Message, MessageKind, MessageState, Notice
from bookings.services import letters
from bookings.services.booking import cancel_booking
from bookings.services.letters import send_letter
from bookings.services.messages import queue_messages
from bookings.services.notices import carry_out, progress_of, unfinished_notices
from bookings.services.resending import is_resendable, resend_to_present_address
from events.models import Event, EventStatus
from tests.bookings.letters import (
    BUYERS,
    draft,
    event_with_buyers,
    host_of,
    mails_went_out,
    readers,
    sent,
)
from tests.factories import BookingFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "BATCH_SIZE", 2)


@pytest.fixture
def event() -> Event:
    return event_with_buyers()


def jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name="bookings.carry_out_notice").count()


def refused(letter: Notice) -> Refusal:
    with pytest.raises(BookingError) as error:
        send_letter(letter=letter, by=host_of(letter.event))
    letter.refresh_from_db()
    assert letter.is_draft
    assert jobs() == 0
    return error.value.code


class TestRecipients:
    def test_of_all_are_buyers_and_those_whom_tickets_were_sent_on_to(self, event: Event) -> None:
        event.bookings.get(email=BUYERS[0]).tickets.update(holder_email="holder@example.com")

        letter = sent(event)
        carry_out(letter)

        assert letter.bookings_to_tell == 6
        assert readers(letter) == [*BUYERS, "holder@example.com"]

    def test_of_a_ticket_type_are_those_with_such_tickets(self, event: Event) -> None:
        vip = TicketTypeFactory(event=event, name="VIP")
        standard = event.ticket_types.exclude(pk=vip.pk).get()
        BookingFactory(event=event, tickets=[vip], email="vip@example.com")
        both = BookingFactory(event=event, tickets=[vip, standard], email="both@example.com")
        both.tickets.filter(ticket_type=vip).update(holder_email="holder@example.com")
        both.tickets.filter(ticket_type=standard).update(holder_email="other@example.com")

        letter = sent(event, ticket_types=[vip])
        carry_out(letter)

        told = ["both@example.com", "holder@example.com", "vip@example.com"]
        assert (letter.bookings_to_tell, readers(letter)) == (3, told)

    def test_who_has_booked_twice_reads_it_once(self, event: Event) -> None:
        again = BookingFactory(
            event=event, tickets=[event.ticket_types.get()], email="B0@Example.com"
        )
        again.tickets.update(holder_email="B1@example.com")

        letter = sent(event)
        carry_out(letter)

        assert letter.bookings_to_tell == 5
        assert [address.lower() for address in readers(letter)] == BUYERS

    def test_are_not_those_who_cancelled_or_booked_later_or_elsewhere(self, event: Event) -> None:
        BookingFactory(tickets=[TicketTypeFactory()])
        cancel_booking(booking=event.bookings.get(email=BUYERS[0]), by=host_of(event))
        letter = sent(event)
        Booking.objects.filter(email=BUYERS[1]).update(
            confirmed_at=timezone.now() + dt.timedelta(minutes=1)
        )

        carry_out(letter)

        assert readers(letter) == BUYERS[2:]

    def test_of_ticket_types_that_are_gone_are_nobody(self, event: Event) -> None:
        gone = TicketTypeFactory(event=event)
        letter = draft(event, ticket_types=[gone])
        gone.delete()

        assert refused(letter) is Refusal.NOBODY_TO_TELL

    def test_of_a_cancelled_event_are_nobody(self, event: Event) -> None:
        letter = draft(event)
        Event.objects.update(status=EventStatus.CANCELLED)

        assert refused(letter) is Refusal.NOBODY_TO_TELL


class TestSending:
    def test_again_sends_nothing_more(self, event: Event) -> None:
        letter = draft(event)

        first, again = (send_letter(letter=letter, by=host_of(event)) for _ in range(2))

        assert first.started_at == again.started_at is not None
        assert jobs() == 1

    def test_drafts_are_told_nobody(self, event: Event) -> None:
        letter = draft(event)

        assert unfinished_notices() == set()
        assert readers(letter) == []

    def test_goes_on_where_it_was_stopped_and_tells_nobody_twice(self, event: Event) -> None:
        event.bookings.get(email=BUYERS[4]).tickets.update(holder_email="holder@example.com")
        letter = sent(event)
        begun = event.bookings.get(email=BUYERS[0])
        queue_messages(
            [
                Message(
                    kind=MessageKind.LETTER,
                    notice=letter,
                    booking=begun,
                    recipient=begun.email,
                    occasion=f"notice:{letter.pk}",
                )
            ]
        )
        assert unfinished_notices() == {letter.pk}

        for _ in range(3):
            carry_out(letter)

        assert readers(letter) == [*BUYERS, "holder@example.com"]
        assert unfinished_notices() == set()

    def test_who_changed_their_address_meanwhile_is_not_written_to_again(
        self, event: Event
    ) -> None:
        letter = sent(event)
        carry_out(letter)
        event.bookings.filter(email=BUYERS[0]).update(email="new@example.com")

        carry_out(letter)

        assert readers(letter) == BUYERS

    def test_nothing_writes_a_letter_to_one_person_twice(self, event: Event) -> None:
        letter = sent(event)
        carry_out(letter)
        other = event.bookings.get(email=BUYERS[1])

        with (
            pytest.raises(IntegrityError, match="message_letter_once_a_person"),
            transaction.atomic(),
        ):
            Message.objects.create(
                kind=MessageKind.LETTER,
                notice=letter,
                booking=other,
                recipient=BUYERS[0].upper(),
                occasion="another",
                message_id="<another@example.com>",
            )

    def test_one_that_failed_can_be_sent_again(self, event: Event) -> None:
        letter = sent(event)
        carry_out(letter)
        mails_went_out(letter)
        failed = Message.objects.filter(notice=letter).latest("pk")
        Message.objects.filter(pk=failed.pk).update(state=MessageState.FAILED)
        failed.refresh_from_db()
        assert is_resendable(failed)

        resend_to_present_address(message=failed)

        assert progress_of(letter).done == 5
        assert list(Message.objects.unresolved()) == []

    def test_failure_of_one_letter_is_not_made_good_by_the_next(self, event: Event) -> None:
        first = sent(event)
        carry_out(first)
        mails_went_out(first, MessageState.FAILED)

        second = sent(event)
        carry_out(second)
        mails_went_out(second)

        assert Message.objects.unresolved().count() == 5
