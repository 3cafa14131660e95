"""What the buyer sees of the tickets of a booking, and what a ticket's own page shows."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from bookings.access import booking_link, ticket_link, ticket_token
from bookings.actors import Actor
from bookings.models import BookingStatus, PaymentMethod, PromoCode
from bookings.qr import qr_svg
from bookings.services.tickets import send_on_ticket
from bookings.ticket_codes import sign_ticket_code
from events.models import EventStatus
from tests.factories import BookingFactory, TicketTypeFactory, UserFactory, days_from_now

pytestmark = pytest.mark.django_db

NAMES = ["Łukasz Żółć", "王小明", "محمد علي", "Zoë O’Brien <b>", "ณัฐพล ใจดี"]


@pytest.fixture
def ticket_type():
    return TicketTypeFactory(name="Stalls", price=Decimal(12), capacity=100)


@pytest.fixture
def booking(ticket_type):
    return BookingFactory(
        event=ticket_type.event,
        tickets=[ticket_type, ticket_type],
        payment_method=PaymentMethod.AT_DOOR,
        total=24,
    )


@pytest.fixture
def ticket(booking):
    return booking.tickets.first()


def picture_of(ticket):
    svg = qr_svg(sign_ticket_code(ticket.code))
    return svg.partition('d="')[2].partition('"')[0]


def page_of(client, ticket):
    return client.get(ticket_link(ticket)).content.decode()


def move_event(booking, starts_at):
    booking.event.starts_at = starts_at
    booking.event.ends_at = starts_at + dt.timedelta(hours=3)
    booking.event.save()


def send_on(ticket, name="Grace Hopper"):
    return send_on_ticket(ticket=ticket, name=name, email="grace@example.com", by=Actor.buyer(None))


def test_booking_shows_each_ticket_with_its_code_and_the_ways_to_change_it(client, booking):
    html = client.get(booking_link(booking)).content.decode()

    for ticket in booking.tickets.all():
        assert ticket.code_in_groups in html
        assert picture_of(ticket) in html
        assert ticket_link(ticket) in html
        assert ticket_link(ticket, "bookings:send_on") in html
    assert "Stalls, €12.00" in html
    for page in ("bookings:rename", "bookings:tickets_pdf", "bookings:booking_ics"):
        assert booking_link(booking, page) in html


def test_booking_says_who_has_a_ticket_that_was_sent_on_and_hides_its_code(client, booking, ticket):
    new, kept = send_on(ticket), booking.tickets.last()

    html = client.get(booking_link(booking)).content.decode()

    assert "Sent on to Grace Hopper" in html
    assert "grace@example.com" in html
    assert kept.code_in_groups in html
    for secret in (new.code, new.code_in_groups, picture_of(new), ticket_token(new)):
        assert secret not in html
    assert ticket.code_in_groups not in html


def test_booking_whose_tickets_were_all_sent_on_offers_no_pdf(client, booking):
    pdf = reverse("bookings:tickets_pdf", args=[booking.reference])
    assert pdf in client.get(booking_link(booking)).content.decode()

    for ticket in booking.tickets.all():
        send_on(ticket)

    assert pdf not in client.get(booking_link(booking)).content.decode()


def test_ticket_page_has_what_the_door_and_the_guest_need(client, booking, ticket):
    html = page_of(client, ticket)

    assert picture_of(ticket) in html
    for text in (ticket.code_in_groups, "Ada Lovelace", "Stalls", booking.event.title, "Blue Room"):
        assert text in html
    assert booking.event.schedule.hours in html
    assert "€12.00, at the door" in html
    for page in ("ticket_pdf", "ticket_ics", "rename_ticket", "send_on"):
        assert ticket_link(ticket, f"bookings:{page}") in html


def test_ticket_page_leads_its_buyer_and_nobody_else_to_the_booking(client, booking, ticket):
    booking.user = UserFactory()
    booking.save()

    assert booking.reference not in page_of(client, ticket)
    client.force_login(booking.user)
    assert booking.get_absolute_url() in page_of(client, ticket)


@pytest.mark.parametrize("name", NAMES)
def test_names_in_any_script_are_shown_as_they_are(client, booking, ticket, name):
    booking.tickets.update(attendee_name=name)

    assert escape(name) in page_of(client, ticket)
    assert escape(name) in client.get(booking_link(booking)).content.decode()


def test_ticket_of_a_cancelled_event_has_no_code(client, booking, ticket):
    assert picture_of(ticket) in page_of(client, ticket)
    booking.event.status = EventStatus.CANCELLED
    booking.event.save()

    for html in (page_of(client, ticket), client.get(booking_link(booking)).content.decode()):
        assert "The host cancelled this event" in html
        assert picture_of(ticket) not in html
        assert ticket.code_in_groups not in html
        assert "pdf" not in html
        assert "Send on" not in html


def test_ticket_of_a_cancelled_booking_has_no_code(client, booking, ticket):
    booking.status = BookingStatus.CANCELLED
    booking.save()

    html = page_of(client, ticket)

    assert "This booking was cancelled" in html
    assert picture_of(ticket) not in html
    assert ticket.code_in_groups not in html
    assert "pdf" not in html


def test_ticket_of_an_event_that_is_over_says_so(client, booking, ticket):
    assert "This event is over" not in page_of(client, ticket)
    move_event(booking, days_from_now(-3))

    html = page_of(client, ticket)

    assert "This event is over" in html
    assert picture_of(ticket) in html


def test_nothing_can_be_changed_any_more_once_the_event_has_started(client, booking, ticket):
    move_event(booking, timezone.now() - dt.timedelta(minutes=1))

    for html in (page_of(client, ticket), client.get(booking_link(booking)).content.decode()):
        assert picture_of(ticket) in html
        assert "Change name" not in html
        assert "Send on" not in html


@pytest.mark.parametrize("number", [1, 50])
def test_pages_cost_the_same_for_any_number_of_tickets(
    client, django_assert_max_num_queries, ticket_type, number
):
    booking = BookingFactory(event=ticket_type.event, tickets=[ticket_type] * number)
    ticket = booking.tickets.first()
    send_on(booking.tickets.last())

    with django_assert_max_num_queries(4):  # the booking, its tickets, their types, answers
        html = client.get(booking_link(booking)).content.decode()
        assert html.count('class="ticket"') == number
    with django_assert_max_num_queries(3):
        client.get(booking_link(booking, "bookings:rename"))
    with django_assert_max_num_queries(4):  # and the host
        client.get(booking_link(booking, "bookings:tickets_pdf"))
    with django_assert_max_num_queries(2):  # the ticket; for one that was sent on, its void code
        client.get(ticket_link(ticket))


def test_discount_is_shown_with_its_code(client, booking):
    assert "Saved" not in client.get(booking_link(booking)).content.decode()
    code = PromoCode.objects.create(event=booking.event, code="SPRING", value=10)
    booking.promo_code, booking.discount = code, Decimal("2.50")
    booking.save()

    html = client.get(booking_link(booking)).content.decode()

    assert "Saved with SPRING" in html
    assert "€2.50" in html
