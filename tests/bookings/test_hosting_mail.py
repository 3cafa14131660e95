"""Hosts, and admins, send mail once more."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from bookings.actors import Actor
from bookings.models import Booking, BookingStatus, Message, MessageKind, MessageState
from bookings.services.changes import note_beginning
from bookings.services.resending import MOST_A_DAY
from events.models import Event
from tests.bookings.hosted import booked, hosted_event, mail, page_of
from tests.factories import HoldFactory, UserFactory

pytestmark = pytest.mark.django_db

OVER = {
    "starts_at": timezone.now() - dt.timedelta(days=2),
    "ends_at": timezone.now() - dt.timedelta(days=1),
}


@pytest.fixture
def event(client: Client) -> Event:
    return hosted_event(client)


def resend(client: Client, event: Event, message: Message) -> str:
    return client.post(page_of(event, "resend", message.pk), follow=True).content.decode()


def on_their_way() -> list[Message]:
    return list(Message.objects.filter(state=MessageState.QUEUED))


class TestResending:
    @pytest.mark.parametrize("kind", [MessageKind.CONFIRMATION, MessageKind.CHANGE])
    def test_goes_to_the_address_that_the_booking_has_now(
        self, client: Client, event: Event, kind: MessageKind
    ) -> None:
        booking = booked(event)
        message = mail(booking, MessageState.FAILED, kind)
        Booking.objects.update(email="right@example.com")

        page = resend(client, event, message)

        [again] = on_their_way()
        assert (again.kind, again.recipient) == (kind, "right@example.com")
        assert "On its way once more" in page
        message.refresh_from_db()
        assert message.has_failed

    def test_of_a_ticket_goes_to_its_holder(self, client: Client, event: Event) -> None:
        booking = booked(event)
        booking.tickets.update(holder_email="blaise@example.org")
        ticket = booking.tickets.get()
        message = mail(
            booking, kind=MessageKind.TICKET, ticket=ticket, recipient="blaise@example.org"
        )

        resend(client, event, message)

        [again] = on_their_way()
        assert (again.recipient, again.ticket) == ("blaise@example.org", ticket)

    def test_of_a_ticket_ends_once_it_was_sent_on_again(self, client: Client, event: Event) -> None:
        booking = booked(event)
        booking.tickets.update(holder_email="second@example.org")
        message = mail(
            booking,
            MessageState.FAILED,
            MessageKind.TICKET,
            ticket=booking.tickets.get(),
            recipient="first@example.org",
        )

        assert "no longer of use" in resend(client, event, message)
        assert on_their_way() == []

    def test_waits_while_one_is_on_its_way(self, client: Client, event: Event) -> None:
        message = mail(booked(event), MessageState.FAILED)

        resend(client, event, message)
        page = resend(client, event, message)

        assert "One is on its way already" in page
        assert len(on_their_way()) == 1

    def test_ends_after_a_few_within_a_day(self, client: Client, event: Event) -> None:
        message = mail(booked(event), MessageState.FAILED)
        for _ in range(MOST_A_DAY - 1):
            resend(client, event, message)
            Message.objects.update(state=MessageState.SENT)

        assert "went out within a day" in resend(client, event, message)
        Message.objects.update(queued_at=timezone.now() - dt.timedelta(days=2))
        assert "On its way once more" in resend(client, event, message)

    @pytest.mark.parametrize(
        ("kind", "status", "is_of_use"),
        [
            (MessageKind.CONFIRMATION, BookingStatus.CANCELLED, False),
            (MessageKind.CANCELLATION, BookingStatus.CANCELLED, True),
            (MessageKind.REMINDER_DAY, BookingStatus.CONFIRMED, False),
            (MessageKind.OFFER, BookingStatus.EXPIRED, False),
        ],
    )
    def test_makes_sense_while_it_tells_something(
        self, client: Client, event: Event, kind: MessageKind, status: str, is_of_use: bool
    ) -> None:
        booking = booked(event, status=status)
        message = mail(booking, MessageState.FAILED, kind)
        page = client.get(page_of(event, "hosted_booking", booking.reference)).content.decode()

        assert (page_of(event, "resend", message.pk) in page) is is_of_use
        resend(client, event, message)
        assert len(on_their_way()) == is_of_use

    def test_of_an_offer_makes_sense_until_its_deadline(self, client: Client, event: Event) -> None:
        hold = HoldFactory(event=event, is_offer=True)
        message = mail(hold, MessageState.FAILED, MessageKind.OFFER)

        resend(client, event, message)

        assert [again.kind for again in on_their_way()] == [MessageKind.OFFER]

    def test_makes_no_sense_once_the_event_is_over(self, client: Client) -> None:
        event = hosted_event(client, **OVER)
        message = mail(booked(event), MessageState.FAILED)

        assert "no longer of use" in resend(client, event, message)

    def test_offers_only_the_newest_of_several_that_say_the_same(
        self, client: Client, event: Event
    ) -> None:
        booking = booked(event)
        old, new = mail(booking, MessageState.FAILED), mail(booking, MessageState.FAILED)

        page = client.get(page_of(event, "hosted_booking", booking.reference)).content.decode()

        assert page_of(event, "resend", new.pk) in page
        assert page_of(event, "resend", old.pk) not in page

    def test_shows_why_a_mail_failed(self, client: Client, event: Event) -> None:
        booking = booked(event)
        mail(booking, MessageState.FAILED, error="550 No such mailbox")

        page = client.get(page_of(event, "hosted_booking", booking.reference)).content.decode()

        assert "550 No such mailbox" in page


class TestConfirmation:
    def send(self, client: Client, booking: Booking, email: str) -> str:
        page = page_of(booking.event, "hosted_confirmation", booking.reference)
        return client.post(page, {"email": email}, follow=True).content.decode()

    def test_goes_to_another_address_that_the_booking_keeps(
        self, client: Client, event: Event
    ) -> None:
        booking = booked(event, email="adda@example.com")
        mail(booking, MessageState.QUEUED)

        page = self.send(client, booking, "ada@example.com")

        booking.refresh_from_db()
        assert booking.email == "ada@example.com"
        [change] = booking.changes.all()
        assert change.reason == "E-mail address: adda@example.com became ada@example.com."
        assert change.actor == event.host.owner
        assert [m.recipient for m in on_their_way()] == ["ada@example.com", "adda@example.com"]
        assert "on its way to ada@example.com" in page

    @pytest.mark.parametrize("made_by_account", [True, False])
    def test_takes_a_guests_booking_from_the_account_with_the_wrong_address(
        self, client: Client, event: Event, made_by_account: bool
    ) -> None:
        account = UserFactory()
        booking = booked(event, email="adda@example.com", user=account)
        by = Actor.buyer(account if made_by_account else None)
        note_beginning(booking, by=by)

        self.send(client, booking, "ada@example.com")

        booking.refresh_from_db()
        assert booking.user == (account if made_by_account else None)

    def test_goes_to_the_same_address_without_a_note(self, client: Client, event: Event) -> None:
        booking = booked(event)

        self.send(client, booking, booking.email)

        assert [m.kind for m in on_their_way()] == [MessageKind.CONFIRMATION]
        assert not booking.changes.exists()

    def test_refuses_what_is_no_address(self, client: Client, event: Event) -> None:
        booking = booked(event)

        assert "Enter a valid email address" in self.send(client, booking, "ada@")
        assert on_their_way() == []

    @pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.EXPIRED])
    def test_of_a_booking_that_ended_changes_nothing(
        self, client: Client, event: Event, status: str
    ) -> None:
        booking = booked(event, status=status)

        assert "nothing to confirm" in self.send(client, booking, "eve@example.com")
        booking.refresh_from_db()
        assert booking.email == "ada@example.com"
        assert not booking.changes.exists()
        assert on_their_way() == []

    def test_cannot_be_used_to_flood_many_addresses(self, client: Client, event: Event) -> None:
        booking = booked(event)
        for number in range(MOST_A_DAY):
            self.send(client, booking, f"victim{number}@example.com")

        assert "went out within a day" in self.send(client, booking, "one-more@example.com")
        assert len(on_their_way()) == MOST_A_DAY
