"""Letters before they are sent: drafts, tests of them, and how many may be sent."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from bookings.exceptions import BookingError, Refusal
from bookings.models import Message, MessageKind, Notice
from bookings.services.letters import (
    MOST_TESTS_A_DAY,
    discard_draft,
    next_letter_at,
    send_letter,
    send_test,
)
from bookings.services.notices import carry_out, progress_of
from events.models import Event
from tests.bookings.letters import (
    BUYERS,
    SUBJECT,
    TEXT,
    draft,
    event_with_buyers,
    host_of,
    mails_went_out,
    readers,
    sent,
    verify,
)
from tests.factories import BookingFactory, EventFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return event_with_buyers()


class TestLimit:
    def test_is_for_all_events_of_a_host_within_a_day(self, event: Event, settings) -> None:
        settings.HOST_MESSAGES_A_DAY = 2
        other = TicketTypeFactory(event__host=event.host)
        BookingFactory(event=other.event, tickets=[other])
        first = sent(event)
        assert next_letter_at(event) is None
        sent(other.event)

        third = draft(event)
        with pytest.raises(BookingError) as error:
            send_letter(letter=third, by=host_of(event))
        assert error.value.code is Refusal.TOO_MANY_LETTERS
        assert "2 messages a day" in str(error.value)
        assert next_letter_at(event) == first.started_at + dt.timedelta(days=1)

        a_day_ago = timezone.now() - dt.timedelta(days=1)
        Notice.objects.filter(pk=first.pk).update(started_at=a_day_ago)
        assert send_letter(letter=third, by=host_of(event)).started_at is not None

    def test_is_not_that_of_other_hosts(self, event: Event, settings) -> None:
        settings.HOST_MESSAGES_A_DAY = 1
        sent(event)
        other = TicketTypeFactory()
        BookingFactory(event=other.event, tickets=[other])

        assert sent(other.event).started_at is not None


class TestDrafts:
    def test_same_form_is_the_same_draft(self, event: Event) -> None:
        key = uuid.uuid4()

        first = draft(event, key=key)
        again = draft(event, key=key, subject="Other doors", ticket_types=event.ticket_types.all())

        again.refresh_from_db()
        assert first == again
        assert (again.subject, again.is_to_all) == ("Other doors", False)

    def test_form_of_a_letter_that_was_sent_changes_nothing(self, event: Event) -> None:
        key = uuid.uuid4()
        letter = sent(event, key=key)
        assert draft(event, key=key) == letter

        with pytest.raises(BookingError) as error:
            draft(event, key=key, text="Other words")

        assert error.value.code is Refusal.SENT_ALREADY
        letter.refresh_from_db()
        assert (letter.subject, letter.text) == (SUBJECT, TEXT)

    def test_key_of_another_event_is_another_letter(self, event: Event) -> None:
        key = uuid.uuid4()

        assert draft(event, key=key) != draft(EventFactory(), key=key)

    def test_are_gone_when_discarded_unless_they_were_sent(self, event: Event) -> None:
        kept, gone = draft(event), draft(event)
        send_letter(letter=kept, by=host_of(event))

        discard_draft(draft=kept)
        discard_draft(draft=gone)

        assert Notice.objects.get() == kept


class TestTests:
    def test_goes_to_who_asks_and_counts_as_no_letter(self, event: Event) -> None:
        letter, owner = draft(event), event.host.owner
        verify(owner)

        send_test(letter=letter, to=owner)

        mail = Message.objects.get(notice=letter)
        assert (mail.kind, mail.recipient) == (MessageKind.TEST, owner.email)
        letter = send_letter(letter=letter, by=host_of(event))
        carry_out(letter)
        assert readers(letter) == BUYERS
        assert progress_of(letter).on_their_way == 5

    def test_is_not_sent_twice_at_once(self, event: Event) -> None:
        letter, owner = draft(event), event.host.owner
        verify(owner)
        send_test(letter=letter, to=owner)

        with pytest.raises(BookingError, match="on its way"):
            send_test(letter=letter, to=owner)

        mails_went_out(letter)
        send_test(letter=letter, to=owner)
        assert Message.objects.count() == 2

    def test_does_not_go_where_somebody_else_may_read_it(self, event: Event) -> None:
        with pytest.raises(BookingError, match="Confirm your e-mail address"):
            send_test(letter=draft(event), to=event.host.owner)

        assert Message.objects.count() == 0

    def test_ends_after_many_within_a_day(self, event: Event) -> None:
        letter, owner = draft(event), event.host.owner
        verify(owner)
        for _ in range(MOST_TESTS_A_DAY):
            send_test(letter=letter, to=owner)
            mails_went_out(letter)

        with pytest.raises(BookingError, match="within a day"):
            send_test(letter=draft(event), to=owner)
