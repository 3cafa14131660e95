import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.access import booking_link
from bookings.actors import SYSTEM, ActorRole
from bookings.models import Booking, MessageState, Ticket, VoidCode
from bookings.services.changes import note
from events.models import Event, TicketStock
from tests.admin_pages import listed, run_action, text
from tests.bookings.hosted import mail
from tests.factories import (
    BookingFactory,
    EventFactory,
    HoldFactory,
    TicketTypeFactory,
    UserFactory,
)
from tests.html_form import submission

pytestmark = pytest.mark.django_db

BOOKINGS = "/admin/bookings/booking/"
TICKETS = "/admin/bookings/ticket/"


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def change_page(booking: Booking) -> str:
    return f"{BOOKINGS}{booking.pk}/change/"


def booked(*, tickets: int = 1, event: Event | None = None, **fields: Any) -> Booking:
    """A booking of tickets of a type of its own."""
    ticket_type = TicketTypeFactory(event=event or EventFactory())
    return BookingFactory(event=ticket_type.event, tickets=[ticket_type] * tickets, **fields)


class TestBookingList:
    def test_shows_tickets_total_and_the_time_at_the_event(self, admin_client: Any) -> None:
        booking = booked(
            tickets=3,
            event=EventFactory(timezone="Asia/Kathmandu"),
            total=Decimal("37.50"),
        )
        Booking.objects.update(created_at=utc(2026, 3, 1, 20))

        page = text(admin_client.get(BOOKINGS))

        assert booking.reference in page
        assert '<td class="field-tickets">3</td>' in page
        assert "37.50 EUR" in page
        assert "02 Mar 2026, 01:45" in page

    @pytest.mark.parametrize(
        "search",
        ["reference", "name", "email", "title", "code"],
    )
    def test_is_searched_by_all_that_people_name(self, admin_client: Any, search: str) -> None:
        booking = booked(
            tickets=2,
            name="Blaise Pascal",
            email="blaise@example.org",
            event=EventFactory(title="Harpsichord evening"),
        )
        booked()
        words = {
            "reference": booking.reference,
            "name": "Pascal",
            "email": "blaise@example.org",
            "title": booking.event.title,
            "code": booking.tickets.last().code,
        }

        response = admin_client.get(BOOKINGS, {"q": words[search]})

        assert listed(response) == {booking.reference}
        assert '<td class="field-tickets">2</td>' in text(response)

    def test_is_filtered_by_status_event_and_day(self, admin_client: Any) -> None:
        confirmed, held = booked(), HoldFactory(event__status="cancelled")
        Booking.objects.filter(pk=held.pk).update(created_at=utc(2020, 5, 1, 20))

        for query, found in [
            ("status__exact=pending", held),
            ("event_status=cancelled", held),
            (f"event={confirmed.event_id}", confirmed),
            ("created_at__year=2020&created_at__month=5&created_at__day=1", held),
            ("event_status=published&_facets=True", confirmed),
        ]:
            assert listed(admin_client.get(f"{BOOKINGS}?{query}")) == {found.reference}

    def test_is_filtered_by_mail_that_failed(self, admin_client: Any) -> None:
        failed, mended, _ = booked(), booked(), booked()
        for booking in (failed, mended):
            mail(booking, MessageState.FAILED)
        mail(mended, MessageState.SENT)

        assert listed(admin_client.get(f"{BOOKINGS}?mail=failed")) == {failed.reference}

    @pytest.mark.parametrize("event", ["0", "x", "-1", "9" * 30, "9" * 5000, "٣"])
    def test_of_an_event_that_is_not_there_is_empty(self, admin_client: Any, event: str) -> None:
        booked()

        for page in (BOOKINGS, TICKETS):
            response = admin_client.get(page, {"event": event})
            assert listed(response) == set()
            assert "No such event" in text(response)

    @pytest.mark.parametrize("page", [BOOKINGS, TICKETS])
    def test_takes_as_many_queries_for_ten_rows_as_for_one(
        self, admin_client: Any, page: str
    ) -> None:
        counts = []
        for more in (1, 9):
            for _ in range(more):
                booked(user=UserFactory())
            with CaptureQueriesContext(connection) as queries:
                assert admin_client.get(page).status_code == 200
            counts.append(len(queries))

        assert counts[0] == counts[1] <= 10

    def test_is_for_staff(self, client: Any) -> None:
        client.force_login(UserFactory())

        for page in (BOOKINGS, TICKETS, change_page(booked())):
            assert client.get(page).status_code == 302

    @pytest.mark.parametrize("column", range(1, 9))
    def test_can_be_sorted_by_each_column(self, admin_client: Any, column: int) -> None:
        booked()

        assert admin_client.get(f"{BOOKINGS}?o={column}").status_code == 200


class TestBookingPage:
    def test_has_the_link_to_hand_to_a_buyer(self, admin_client: Any, client: Any) -> None:
        booking = booked()
        link = booking_link(booking)

        assert f'href="{settings.PUBLIC_URL}{link}"' in text(admin_client.get(change_page(booking)))
        client.logout()
        assert client.get(link).status_code == 200

    def test_puts_right_who_it_is_for(self, admin_client: Any) -> None:
        booking, user = booked(), UserFactory()
        page = text(admin_client.get(change_page(booking)))

        response = admin_client.post(
            change_page(booking),
            submission(page)
            | {"name": "Grace Hopper", "email": "grace@example.org", "user": str(user.pk)},
        )

        assert response.status_code == 302
        booking.refresh_from_db()
        assert (booking.name, booking.email) == ("Grace Hopper", "grace@example.org")
        assert booking.user_id == user.pk
        assert [change.reason for change in booking.changes.all()] == [
            "Name: Ada Lovelace became Grace Hopper.",
            "E-mail address: ada@example.com became grace@example.org.",
            f"Account: nothing became {user.email}.",
        ]
        assert booking.changes.first().role == ActorRole.ADMIN
        assert "nothing became" in text(admin_client.get(change_page(booking)))

    def test_changes_nothing_that_the_inventory_rests_on(self, admin_client: Any) -> None:
        booking, other = booked(tickets=2), booked()
        before = Booking.objects.values().get(pk=booking.pk)
        page = text(admin_client.get(change_page(booking)))
        forged = {
            "status": "cancelled",
            "event": str(other.event_id),
            "total": "0.01",
            "currency": "USD",
            "reference": "AAAAAAAA",
            "expires_at": "2020-01-01",
            "tickets-TOTAL_FORMS": "0",
            "tickets-0-DELETE": "on",
            "tickets-0-ticket_type": "1",
        }

        response = admin_client.post(change_page(booking), submission(page) | forged)

        assert response.status_code == 302
        assert Booking.objects.values().get(pk=booking.pk) == before
        assert booking.tickets.count() == 2
        assert TicketStock.objects.get(ticket_type__event=booking.event).taken == 2

    def test_needs_an_address_once_confirmed(self, admin_client: Any) -> None:
        booking = booked()
        page = text(admin_client.get(change_page(booking)))

        response = admin_client.post(change_page(booking), submission(page) | {"email": ""})

        assert "This field is required." in text(response)

    @pytest.mark.parametrize("page", [BOOKINGS, TICKETS])
    def test_neither_adds_nor_deletes(self, admin_client: Any, page: str) -> None:
        booking = booked()
        row = booking if page == BOOKINGS else booking.tickets.get()

        assert admin_client.get(f"{page}add/").status_code == 403
        assert admin_client.post(f"{page}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        run_action(admin_client, page, "delete_selected", row, post="yes")
        assert Booking.objects.exists()
        assert Ticket.objects.exists()

    def test_shows_its_history_mails_and_discount(self, admin_client: Any) -> None:
        booking = booked(discount=Decimal("7.50"), is_offer=True)
        note(booking, by=SYSTEM, reason="Moved to the balcony.")
        mail(booking, MessageState.FAILED, error="550 No such mailbox")

        page = text(admin_client.get(change_page(booking)))

        for shown in ("Moved to the balcony.", "EventMate", "550 No such mailbox", "7.50"):
            assert shown in page

    def test_shows_a_hold_without_a_buyer(self, admin_client: Any) -> None:
        hold = HoldFactory(name="", email="")

        assert admin_client.get(change_page(hold)).status_code == 200


class TestTickets:
    def test_can_be_found_but_not_changed(self, admin_client: Any) -> None:
        ticket, _ = booked().tickets.get(), booked()
        year = ticket.booking.event.start_date.year
        page = reverse("admin:bookings_ticket_change", args=[ticket.pk])

        VoidCode.objects.create(ticket=ticket, code="VOIDVOIDVOIDVOID")

        for query in (
            f"q={ticket.code}",
            "q=VOIDVOIDVOIDVOID",
            f"q={ticket.booking.reference}",
            f"event={ticket.booking.event_id}&booking__event__start_date__year={year}",
        ):
            assert listed(admin_client.get(f"{TICKETS}?{query}")) == {ticket.code}
        assert "VOIDVOIDVOIDVOID" in text(admin_client.get(page))
        assert admin_client.post(page, {"price": "0"}).status_code == 403
