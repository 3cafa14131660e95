import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.access import booking_link
from bookings.models import Booking, BookingStatus, Ticket
from events.models import Event, TicketStock
from tests.admin_pages import listed, run_action, text
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
        booking = booked(tickets=2, name="Blaise Pascal", email="blaise@example.org")
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
        assert booking.user == user

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

    def test_shows_a_hold_without_a_buyer(self, admin_client: Any) -> None:
        hold = HoldFactory(name="", email="")

        assert admin_client.get(change_page(hold)).status_code == 200


class TestActions:
    def test_cancel_asks_first_and_frees_the_places(self, admin_client: Any) -> None:
        booking = booked(tickets=2)

        question = run_action(admin_client, BOOKINGS, "cancel_selected", booking)
        booking.refresh_from_db()
        assert booking.is_confirmed

        answer = admin_client.post(BOOKINGS, submission(text(question)), follow=True)

        assert "1 booking cancelled." in text(answer)
        booking.refresh_from_db()
        assert booking.status == BookingStatus.CANCELLED
        assert TicketStock.objects.get().taken == 0

    def test_cancel_reports_what_was_refused_and_does_the_rest(self, admin_client: Any) -> None:
        past = EventFactory(starts_at=utc(2020, 5, 1, 18), ends_at=utc(2020, 5, 1, 21))
        over, coming = booked(event=past), booked()

        page = text(
            run_action(admin_client, BOOKINGS, "cancel_selected", over, coming, confirmed="yes")
        )

        over.refresh_from_db()
        coming.refresh_from_db()
        assert (over.status, coming.status) == (BookingStatus.CONFIRMED, BookingStatus.CANCELLED)
        assert "1 booking cancelled." in page
        assert f"Not cancelled: “{over.reference}”. This booking can no longer" in page

    def test_export_bookings_as_csv_without_formulas(self, admin_client: Any) -> None:
        booking = booked(
            tickets=2,
            name="=cmd|' /C calc'!A0",
            email="ada@example.com",
            event=EventFactory(
                title="Jazz", starts_at=utc(2026, 12, 4, 18), ends_at=utc(2026, 12, 4, 21)
            ),
            total=Decimal("37.00"),
        )
        Booking.objects.update(created_at=utc(2026, 7, 1, 8), confirmed_at=utc(2026, 7, 1, 8, 1))

        response = run_action(admin_client, BOOKINGS, "export_csv", booking)

        assert b"".join(response.streaming_content).decode() == (
            "\ufeffreference,event,event starts,status,name,e-mail,tickets,total,currency,"
            "payment,booked,confirmed,cancelled\r\n"
            f"{booking.reference},Jazz,2026-12-04 19:00+01:00,Confirmed,'=cmd|' /C calc'!A0,"
            "ada@example.com,2,37.00,EUR,Free of charge,2026-07-01 10:00+02:00,"
            "2026-07-01 10:01+02:00,\r\n"
        )

    @pytest.mark.parametrize(
        ("page", "action"), [(BOOKINGS, "export_tickets_csv"), (TICKETS, "export_csv")]
    )
    def test_export_tickets_as_csv(self, admin_client: Any, page: str, action: str) -> None:
        event = EventFactory(
            title="Jazz", starts_at=utc(2026, 12, 4, 18), ends_at=utc(2026, 12, 4, 21)
        )
        booking, _ = booked(event=event, email="ada@example.com"), booked()
        Ticket.objects.update(attendee_name="+49 Ada")
        ticket = booking.tickets.get()

        response = run_action(admin_client, page, action, booking if page == BOOKINGS else ticket)

        assert b"".join(response.streaming_content).decode() == (
            "\ufeffcode,event,event starts,ticket type,attendee,price,currency,booking,status,"
            "booked by,e-mail\r\n"
            f"{ticket.code},Jazz,2026-12-04 19:00+01:00,Standard,'+49 Ada,0.00,EUR,"
            f"{booking.reference},Confirmed,Ada Lovelace,ada@example.com\r\n"
        )


class TestTickets:
    def test_can_be_found_but_not_changed(self, admin_client: Any) -> None:
        ticket, _ = booked().tickets.get(), booked()
        year = ticket.booking.event.start_date.year
        page = reverse("admin:bookings_ticket_change", args=[ticket.pk])

        for query in (
            f"q={ticket.code}",
            f"q={ticket.booking.reference}",
            f"event={ticket.booking.event_id}&booking__event__start_date__year={year}",
        ):
            assert listed(admin_client.get(f"{TICKETS}?{query}")) == {ticket.code}
        assert admin_client.get(page).status_code == 200
        assert admin_client.post(page, {"price": "0"}).status_code == 403
