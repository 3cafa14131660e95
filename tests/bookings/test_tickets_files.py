"""Tickets to keep: on paper, and in a calendar."""

import datetime as dt
from io import BytesIO

import icalendar
import pytest
from django.conf import settings
from pypdf import PdfReader

from bookings.access import booking_link, ticket_link
from bookings.actors import Actor
from bookings.models import BookingStatus
from bookings.services.tickets import send_on_ticket
from events.models import EventStatus
from tests.factories import BookingFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking():
    ticket_type = TicketTypeFactory(event__slug="late-night-jazz")
    return BookingFactory(event=ticket_type.event, tickets=[ticket_type] * 3)


@pytest.fixture
def ticket(booking):
    return booking.tickets.first()


def send_on(ticket):
    return send_on_ticket(
        ticket=ticket, name="Grace", email="grace@example.com", by=Actor.buyer(None)
    )


def text_of(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return [page.extract_text() for page in PdfReader(BytesIO(response.content)).pages]


def entry_of(response):
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(response.content)
    assert calendar["METHOD"] == "PUBLISH"
    [entry] = calendar.walk("VEVENT")
    return entry


def test_pdf_of_a_booking_has_a_page_for_each_ticket(client, booking):
    response = client.get(booking_link(booking, "bookings:tickets_pdf"))

    pages = text_of(response)
    assert len(pages) == 3
    for page, ticket in zip(pages, booking.tickets.all(), strict=True):
        assert ticket.code_in_groups in page
    filename = f"late-night-jazz-tickets-{booking.reference}.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{filename}"'


def test_pdf_of_a_booking_is_without_tickets_that_were_sent_on(client, booking, ticket):
    new = send_on(ticket)

    pages = text_of(client.get(booking_link(booking, "bookings:tickets_pdf")))

    assert len(pages) == 2
    assert not any(new.code_in_groups in page for page in pages)


def test_booking_whose_tickets_were_all_sent_on_has_no_pdf(client, booking):
    for ticket in booking.tickets.all():
        send_on(ticket)

    assert client.get(booking_link(booking, "bookings:tickets_pdf")).status_code == 404
    assert client.get(booking_link(booking)).status_code == 200


def test_pdf_of_a_ticket_has_one_page_and_no_secret_in_its_name(client, booking, ticket):
    response = client.get(ticket_link(ticket, "bookings:ticket_pdf"))

    [page] = text_of(response)
    assert ticket.code_in_groups in page
    assert response["Content-Disposition"] == 'attachment; filename="late-night-jazz-ticket.pdf"'


@pytest.mark.parametrize("is_events", [True, False])
def test_tickets_that_are_no_longer_valid_are_not_printed(client, booking, ticket, is_events):
    links = [
        booking_link(booking, "bookings:tickets_pdf"),
        ticket_link(ticket, "bookings:ticket_pdf"),
    ]
    assert [client.get(link).status_code for link in links] == [200, 200]
    changed = booking.event if is_events else booking
    changed.status = EventStatus.CANCELLED if is_events else BookingStatus.CANCELLED
    changed.save()

    for link in links:
        response = client.get(link)
        assert response.status_code == 409
        assert "cancelled" in response.content.decode()
        assert ticket.code_in_groups not in response.content.decode()


def test_calendar_of_a_booking_updates_the_events_own_entry(client, booking):
    public = entry_of(client.get(f"/event/{booking.event.slug}/event.ics"))

    entry = entry_of(client.get(booking_link(booking, "bookings:booking_ics")))

    link = f"{settings.PUBLIC_URL}{booking_link(booking)}"
    assert entry["UID"] == public["UID"] == booking.event.uid
    assert (entry.start, entry.end) == (public.start, public.end)
    assert entry["URL"] == link
    assert entry["STATUS"] == "CONFIRMED"
    assert booking.reference in entry["DESCRIPTION"]
    assert link in entry["DESCRIPTION"]


def test_calendar_of_a_ticket_has_its_own_link_and_not_the_bookings(client, booking, ticket):
    new = send_on(ticket)

    entry = entry_of(client.get(ticket_link(new, "bookings:ticket_ics")))

    link = f"{settings.PUBLIC_URL}{ticket_link(new)}"
    assert entry["UID"] == booking.event.uid
    assert entry["URL"] == link
    assert link in entry["DESCRIPTION"]
    assert "Grace" in entry["DESCRIPTION"]
    assert booking.reference not in entry.to_ical().decode()


def test_calendar_reminds_an_hour_before_but_not_of_whole_days(client, booking):
    link = booking_link(booking, "bookings:booking_ics")

    [alarm] = entry_of(client.get(link)).walk("VALARM")
    assert alarm["TRIGGER"].dt == -dt.timedelta(hours=1)
    booking.event.is_all_day = True
    booking.event.save()
    assert entry_of(client.get(link)).walk("VALARM") == []


@pytest.mark.parametrize("is_events", [True, False])
def test_calendar_of_what_was_cancelled_says_so_and_does_not_remind(client, booking, is_events):
    changed = booking.event if is_events else booking
    changed.status = EventStatus.CANCELLED if is_events else BookingStatus.CANCELLED
    changed.save()

    entry = entry_of(client.get(booking_link(booking, "bookings:booking_ics")))

    assert entry["STATUS"] == "CANCELLED"
    assert entry.walk("VALARM") == []
