"""The pages on which a host sees bookings, and cancels one."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.actors import Actor
from bookings.models import (
    Booking,
    BookingChange,
    BookingStatus,
    DiscountKind,
    Message,
    MessageKind,
    MessageState,
    PromoCode,
)
from bookings.services.changes import note
from events.models import Event, TicketStock
from tests.bookings.hosted import booked, hosted_event, mail, page_of
from tests.factories import HoldFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    return hosted_event(client, timezone="America/New_York")


def listed(client: Client, event: Event, query: str = "") -> set[str]:
    response = client.get(f"{page_of(event, 'hosted_bookings')}?{query}")
    assert response.status_code == 200
    return {booking.reference for booking in response.context["page"]}


def text(client: Client, event: Event, name: str = "hosted_bookings", *args: object) -> str:
    return client.get(page_of(event, name, *args)).content.decode()


class TestList:
    @pytest.mark.parametrize("searched", ["reference", "name", "email", "attendee", "holder"])
    def test_is_searched_by_all_that_a_caller_may_say(
        self, client: Client, event: Event, searched: str
    ) -> None:
        booking, _ = booked(event, 2, name="Grace Hopper", email="grace@example.org"), booked(event)
        booking.tickets.update(attendee_name="Blaise Pascal", holder_email="blaise@example.org")
        words = {
            "reference": booking.reference.lower(),
            "name": "hopper",
            "email": "GRACE@example",
            "attendee": "pascal",
            "holder": "blaise@",
        }

        assert listed(client, event, f"q={words[searched]}") == {booking.reference}

    def test_is_filtered_by_status_and_leaves_expired_holds_out(
        self, client: Client, event: Event
    ) -> None:
        rows = {
            status: booked(event, status=status, expires_at=timezone.now())
            for status in BookingStatus
        }
        expired = rows[BookingStatus.EXPIRED].reference

        for status, booking in rows.items():
            assert listed(client, event, f"show={status}") == {booking.reference}
        assert listed(client, event) == {b.reference for b in rows.values()} - {expired}

    @pytest.mark.parametrize("query", ["show=nonsense", f"q={'x' * 101}"])
    def test_passes_over_filters_that_make_no_sense(
        self, client: Client, event: Event, query: str
    ) -> None:
        booking = booked(event)

        assert listed(client, event, query) == {booking.reference}

    def test_finds_mail_that_failed_until_it_is_sent_again(
        self, client: Client, event: Event
    ) -> None:
        failed, mended, fine = booked(event), booked(event), booked(event)
        ticket = failed.tickets.get()
        mail(failed, MessageState.FAILED, MessageKind.TICKET, ticket=ticket)
        mail(failed, MessageState.SENT, MessageKind.REMINDER_DAY)
        mail(mended, MessageState.FAILED)
        mail(mended, MessageState.QUEUED)
        mail(fine, MessageState.SENT)

        page = text(client, event)

        assert listed(client, event, "show=mail_failed") == {failed.reference}
        assert page.count("Mail failed</span>") == 1
        assert f'<a href="{page_of(event, "hosted_bookings")}?show=mail_failed">1</a>' in page

    def test_counts_tickets_people_and_uses(self, client: Client, event: Event) -> None:
        booked(event, 3, total=Decimal("37.50"))
        HoldFactory(event=event, tickets=[event.ticket_types.get()] * 2)
        TicketStock.objects.update(waiting=4)
        PromoCode.objects.create(
            event=event, code="SPRING", kind=DiscountKind.PERCENT, value=20, uses=3, max_uses=9
        )

        response = client.get(page_of(event, "hosted_bookings"))
        figures, page = response.context["figures"], response.content.decode()

        assert (figures.confirmed, figures.held, figures.waiting) == (3, 2, 4)
        assert "5 of 10 taken" in page
        assert "4 waiting" in page
        assert "3 of 9 used" in page
        assert "20 % off" in page
        assert "€37.50" in page or "EUR 37.50" in page

    def test_has_pages_of_fifty(self, client: Client, event: Event) -> None:
        for _ in range(51):
            booked(event, 0)

        assert len(listed(client, event)) == 50
        assert len(listed(client, event, "page=2")) == 1
        assert client.get(f"{page_of(event, 'hosted_bookings')}?page=3").status_code == 404

    def test_takes_as_many_queries_for_fifty_bookings_as_for_one(
        self, client: Client, event: Event
    ) -> None:
        counts = []
        for more in (1, 49):
            for _ in range(more):
                mail(booked(event, 0), MessageState.FAILED)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page_of(event, "hosted_bookings")).status_code == 200
            counts.append(sum("django_session" not in query["sql"] for query in queries))

        # The user, the event, four for the figures, the count and the page.
        assert counts[0] == counts[1] <= 8

    def test_of_an_event_without_bookings_says_so(self, client: Client, event: Event) -> None:
        assert "Nobody has booked yet" in text(client, event)


class TestBooking:
    def test_shows_who_comes_but_not_their_codes(self, client: Client, event: Event) -> None:
        booking = booked(event, 2, name="Grace Hopper")
        booking.tickets.update(attendee_name="Blaise Pascal")

        page = text(client, event, "hosted_booking", booking.reference)

        assert "Grace Hopper" in page
        assert page.count("<span>Blaise Pascal") == 2
        for ticket in booking.tickets.all():
            assert ticket.code not in page
            assert ticket.code_in_groups not in page
        assert "access=" not in page

    def test_tells_its_history_on_the_clock_of_the_event(
        self, client: Client, event: Event
    ) -> None:
        booking = booked(event)
        by = Actor.host(event.host.owner)
        note(booking, by=by, reason="A <b>word</b>.")
        at = BookingChange.objects.get().at

        page = text(client, event, "hosted_booking", booking.reference)

        assert "A &lt;b&gt;word&lt;/b&gt;." in page
        assert event.host.owner.name in page
        assert f"{at.astimezone(dt.timezone(dt.timedelta(hours=-5))):%b %Y}" in page
        assert "EST" in page or "EDT" in page

    def test_keeps_the_names_of_admins_to_itself(self, client: Client, event: Event) -> None:
        booking = booked(event)
        admin = TicketTypeFactory().event.host.owner
        note(booking, by=Actor.admin(admin), reason="Put right.")

        assert admin.name not in text(client, event, "hosted_booking", booking.reference)

    def test_takes_as_many_queries_for_ten_of_everything_as_for_one(
        self, client: Client, event: Event
    ) -> None:
        counts = []
        for tickets in (1, 9):
            booking = booked(event, tickets)
            for ticket in booking.tickets.all():
                mail(booking, MessageState.FAILED, MessageKind.TICKET, ticket=ticket)
                note(booking, by=Actor.host(event.host.owner), reason="Again.")
            TicketStock.objects.update(taken=0)
            with CaptureQueriesContext(connection) as queries:
                client.get(page_of(event, "hosted_booking", booking.reference))
            counts.append(sum("django_session" not in query["sql"] for query in queries))

        # User, event, booking; tickets, their types, check-ins; history, mails, answers.
        assert counts[0] == counts[1] <= 9


class TestCancelling:
    def test_asks_first_then_frees_the_places_and_tells_the_buyer(
        self, client: Client, event: Event
    ) -> None:
        booking = booked(event, 2)
        page = page_of(event, "hosted_cancel_booking", booking.reference)

        assert "Cancel this booking" in client.get(page).content.decode()
        booking.refresh_from_db()
        assert booking.is_confirmed
        answer = client.post(page, {"reason": "Asked by telephone."}, follow=True)

        booking.refresh_from_db()
        assert booking.status == BookingStatus.CANCELLED
        assert TicketStock.objects.get().taken == 0
        change = booking.changes.get()
        assert (change.actor, change.reason) == (event.host.owner, "Asked by telephone.")
        assert Message.objects.get().kind == MessageKind.CANCELLATION
        assert "Asked by telephone." in answer.content.decode()

    def test_of_what_has_ended_already_says_so(self, client: Client, event: Event) -> None:
        booking: Any = booked(event, status=BookingStatus.EXPIRED)
        page = page_of(event, "hosted_cancel_booking", booking.reference)

        assert 'class="danger"' not in client.get(page).content.decode()
        assert "can no longer be cancelled" in client.post(page, follow=True).content.decode()
        assert Booking.objects.get().status == BookingStatus.EXPIRED

    def test_refuses_a_reason_that_there_is_no_room_for(self, client: Client, event: Event) -> None:
        booking = booked(event)
        page = page_of(event, "hosted_cancel_booking", booking.reference)

        assert client.post(page, {"reason": "x" * 301}).status_code == 400
        assert Booking.objects.get().is_confirmed
