"""A letter to those who have not come."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from bookings.exceptions import BookingError, Refusal
from bookings.models import CheckIn, CheckInWay, Notice, Ticket
from bookings.recipients import count_recipients
from bookings.services.letters import save_draft
from bookings.services.notices import carry_out, progress_of
from events.models import Event
from tests.bookings.hosted import page_of
from tests.bookings.letters import BUYERS, draft, event_with_buyers, host_of, readers, sent
from tests.factories import BookingFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return event_with_buyers()


def come(*tickets: Ticket) -> None:
    CheckIn.objects.bulk_create(
        CheckIn(ticket=ticket, event=ticket.booking.event, how=CheckInWay.CODE)
        for ticket in tickets
    )


def ticket_of(event: Event, email: str) -> Ticket:
    return Ticket.objects.select_related("booking__event").get(
        booking__event=event, booking__email=email
    )


def told(event: Event, **fields: object) -> list[str]:
    letter = sent(event, is_to_absent=True, **fields)
    carry_out(letter)
    progress = progress_of(letter)
    assert progress.done == progress.bookings == len(readers(letter))
    return readers(letter)


def test_goes_to_everyone_as_long_as_nobody_came(event: Event) -> None:
    assert told(event) == BUYERS


def test_leaves_out_those_who_came(event: Event) -> None:
    come(*(ticket_of(event, email) for email in BUYERS[:2]))

    assert told(event) == BUYERS[2:]


def test_goes_to_who_came_with_some_tickets_of_several(event: Event) -> None:
    ticket_type = event.ticket_types.get()
    booking = BookingFactory(event=event, tickets=[ticket_type] * 2, email="a@example.com")
    come(*(ticket_of(event, email) for email in BUYERS), booking.tickets.all()[0])

    assert told(event) == ["a@example.com"]


def test_goes_to_the_holder_of_a_ticket_and_not_to_who_sent_it_on(event: Event) -> None:
    ticket_type = event.ticket_types.get()
    booking = BookingFactory(event=event, tickets=[ticket_type] * 2, email="a@example.com")
    own, passed_on = booking.tickets.all()
    Ticket.objects.filter(pk=passed_on.pk).update(holder_email="holder@example.com")
    come(own, *(ticket_of(event, email) for email in BUYERS))

    assert told(event) == ["holder@example.com"]

    CheckIn.objects.all().delete()
    come(passed_on, *(ticket_of(event, email) for email in BUYERS))
    assert told(event) == ["a@example.com"]


def test_can_be_to_some_ticket_types_only(event: Event) -> None:
    balcony = TicketTypeFactory(event=event, name="Balcony")
    came, missing = (
        BookingFactory(event=event, tickets=[balcony], email=f"{name}@example.com")
        for name in ("came", "missing")
    )
    come(came.tickets.get())

    assert told(event, ticket_types=[balcony]) == [missing.email]


def test_to_nobody_is_refused(event: Event) -> None:
    come(*(ticket_of(event, email) for email in BUYERS))

    with pytest.raises(BookingError) as refused:
        sent(event, is_to_absent=True)
    assert refused.value.code is Refusal.NOBODY_TO_TELL
    assert sent(event)


def test_saved_as_one_to_everyone_after_it_was_sent_is_another_letter(event: Event) -> None:
    letter = sent(event, is_to_absent=True)

    with pytest.raises(BookingError) as refused:
        draft(event, key=letter.key)
    assert refused.value.code is Refusal.SENT_ALREADY
    assert draft(event, key=letter.key, is_to_absent=True) == letter


def test_is_written_and_shown_on_the_pages(client: Client, event: Event) -> None:
    come(ticket_of(event, BUYERS[0]))
    client.force_login(event.host.owner)
    words = {"subject": "We missed you", "text": "Hello {name}", "is_to_absent": "on"}
    key = "6f6f1c1e-0f5a-4a7e-8d36-2f2d0c4b5a10"

    response = client.post(page_of(event, "hosted_new_message"), words | {"key": key}, follow=True)

    page = response.content.decode()
    assert "Everyone with a ticket, if they are not checked in" in page
    assert "Send to 4 people" in page
    letter = Notice.objects.get()
    assert count_recipients(letter) == 4
    form = client.get(page_of(event, "hosted_edit_message", key)).content.decode()
    box = re.search("<input[^>]*is_to_absent[^>]*>", form)
    assert box
    assert " checked" in box[0]
    save_draft(
        event=event, key=letter.key, by=host_of(event), subject="We missed you", text="Hello"
    )
    letter.refresh_from_db()
    assert not letter.is_to_absent
    Notice.objects.update(started_at=timezone.now(), is_to_absent=True)
    listed = client.get(page_of(event, "hosted_messages")).content.decode()
    assert "if they were not checked in" in listed
