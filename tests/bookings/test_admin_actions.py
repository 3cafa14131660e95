import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from bookings.actors import ActorRole
from bookings.models import Booking, BookingStatus, Message, MessageKind, Ticket
from events.models import Event, TicketStock
from tests.admin_pages import run_action, text
from tests.factories import BookingFactory, EventFactory, TicketTypeFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db

BOOKINGS = "/admin/bookings/booking/"
TICKETS = "/admin/bookings/ticket/"


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


def booked(*, tickets: int = 1, event: Event | None = None, **fields: Any) -> Booking:
    """A booking of tickets of a type of its own."""
    ticket_type = TicketTypeFactory(event=event or EventFactory())
    return BookingFactory(event=ticket_type.event, tickets=[ticket_type] * tickets, **fields)


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
        over, expired = booked(event=past), booked(status=BookingStatus.EXPIRED)

        page = text(
            run_action(admin_client, BOOKINGS, "cancel_selected", over, expired, confirmed="yes")
        )

        over.refresh_from_db()
        expired.refresh_from_db()
        assert (over.status, expired.status) == (BookingStatus.CANCELLED, BookingStatus.EXPIRED)
        assert "1 booking cancelled." in page
        assert f"Not cancelled: “{expired.reference}”. This booking can no longer" in page
        change = over.changes.get()
        assert (change.role, change.reason) == (ActorRole.ADMIN, "Cancelled by an admin.")

    def test_send_the_confirmation_again_to_those_who_can_use_it(self, admin_client: Any) -> None:
        confirmed, cancelled = booked(), booked(status=BookingStatus.CANCELLED)

        page = text(run_action(admin_client, BOOKINGS, "send_confirmation", confirmed, cancelled))

        message = Message.objects.get()
        assert (message.booking, message.kind) == (confirmed, MessageKind.CONFIRMATION)
        assert "1 booking sent a confirmation." in page
        assert f"Not sent a confirmation: “{cancelled.reference}”." in page

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
