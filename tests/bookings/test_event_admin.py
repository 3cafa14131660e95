from typing import Any

import pytest

from bookings.models import Booking, BookingStatus
from events.models import Event, TicketType
from tests.admin_pages import listed, run_action, text
from tests.factories import (
    BookingFactory,
    HoldFactory,
    TicketTypeFactory,
)
from tests.html_form import submission

pytestmark = pytest.mark.django_db

BOOKINGS = "/admin/bookings/booking/"
EVENTS = "/admin/events/event/"


def booked_event(title: str = "Jazz", status: str = BookingStatus.CONFIRMED) -> Event:
    ticket_type = TicketTypeFactory(event__title=title)
    BookingFactory(event=ticket_type.event, tickets=[ticket_type], status=status)
    return ticket_type.event


class TestEventsWithBookings:
    def test_list_how_many_hold_places(self, admin_client: Any) -> None:
        ticket_type = TicketTypeFactory()
        event = ticket_type.event
        BookingFactory(event=event, tickets=[ticket_type])
        HoldFactory(event=event, tickets=[ticket_type])
        BookingFactory(event=event, status=BookingStatus.CANCELLED)

        page = text(admin_client.get(EVENTS))

        assert f'<a href="{BOOKINGS}?event={event.pk}">2</a>' in page
        assert listed(admin_client.get(f"{BOOKINGS}?event={event.pk}")) == {
            booking.reference for booking in Booking.objects.all()
        }

    def test_cannot_be_deleted_and_say_why(self, admin_client: Any) -> None:
        event = booked_event(title="Late Jazz")
        reason = "“Late Jazz” has 1 booking, old ones included."
        page = f"{EVENTS}{event.pk}/delete/"

        assert reason in text(admin_client.get(page))
        assert reason in text(admin_client.post(page, {"post": "yes"}))
        assert reason in text(
            run_action(admin_client, EVENTS, "delete_selected", event, post="yes")
        )
        assert Event.objects.filter(pk=event.pk).exists()

    @pytest.mark.parametrize("status", [BookingStatus.CONFIRMED, BookingStatus.CANCELLED])
    def test_keep_ticket_types_that_have_tickets(self, admin_client: Any, status: str) -> None:
        event = booked_event(status=status)
        page = f"{EVENTS}{event.pk}/change/"
        fields = submission(text(admin_client.get(page))) | {"ticket_types-0-DELETE": "on"}

        response = admin_client.post(page, fields)

        assert response.status_code == 200
        assert "“Standard” has 1 ticket, old ones included, and cannot be deleted." in text(
            response
        )
        assert TicketType.objects.exists()
