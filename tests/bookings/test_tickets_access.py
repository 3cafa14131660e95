"""Who reaches a ticket: the buyer while it is theirs, and whoever has its link. Nobody else."""

import pytest
from django.urls import reverse

from bookings.access import access_token, booking_link, ticket_link, ticket_token
from bookings.actors import Actor
from bookings.models import BookingStatus
from bookings.services.tickets import send_on_ticket
from tests.factories import BookingFactory, HoldFactory, TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db

TICKET_PAGES = [
    "bookings:ticket",
    "bookings:ticket_pdf",
    "bookings:ticket_ics",
    "bookings:rename_ticket",
    "bookings:send_on",
]
BOOKING_PAGES = ["bookings:rename", "bookings:tickets_pdf", "bookings:booking_ics"]


@pytest.fixture
def ticket_type():
    return TicketTypeFactory()


@pytest.fixture
def booking(ticket_type):
    return BookingFactory(
        event=ticket_type.event, tickets=[ticket_type, ticket_type], user=UserFactory()
    )


@pytest.fixture
def ticket(booking):
    return booking.tickets.first()


def sent_on(ticket):
    return send_on_ticket(
        ticket=ticket, name="Grace", email="grace@example.com", by=Actor.buyer(None)
    )


@pytest.mark.parametrize("page", TICKET_PAGES)
def test_ticket_is_reached_by_its_link_or_its_buyer_and_nobody_else(client, booking, ticket, page):
    path = reverse(page, args=[ticket.code])
    other = booking.tickets.last()

    assert client.get(ticket_link(ticket, page)).status_code == 200
    assert client.get(path).status_code == 404
    assert client.get(f"{path}?access={ticket_token(ticket)[:-1]}x").status_code == 404
    assert client.get(f"{path}?access={ticket_token(other)}").status_code == 404
    assert client.get(f"{path}?access={access_token(booking)}").status_code == 404
    client.force_login(UserFactory(is_staff=True))
    assert client.get(path).status_code == 404
    assert client.post(path).status_code in (404, 405)
    client.force_login(booking.user)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("page", BOOKING_PAGES)
def test_tickets_of_a_booking_are_for_its_buyer_only(client, booking, ticket, page):
    path = reverse(page, args=[booking.reference])

    assert client.get(booking_link(booking, page)).status_code == 200
    assert client.get(path).status_code == 404
    assert client.get(f"{path}?access={ticket_token(ticket)}").status_code == 404
    client.force_login(UserFactory(is_staff=True))
    assert client.get(path).status_code == 404
    assert client.post(path).status_code in (404, 405)
    client.force_login(booking.user)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("page", TICKET_PAGES)
def test_ticket_that_was_sent_on_is_the_new_holders_only(client, booking, ticket, page):
    new = sent_on(ticket)

    assert client.get(ticket_link(new, page)).status_code == 200
    client.force_login(booking.user)
    assert client.get(reverse(page, args=[new.code])).status_code == 404
    old_token = f"{reverse(page, args=[new.code])}?access={ticket_token(ticket)}"
    assert client.get(old_token).status_code == 404


@pytest.mark.parametrize("page", TICKET_PAGES)
def test_link_of_a_void_code_says_that_the_ticket_was_sent_on(client, booking, ticket, page):
    new = sent_on(ticket)

    response = client.get(ticket_link(ticket, page))

    assert response.status_code == 410
    assert "no-store" in response["Cache-Control"]
    html = response.content.decode()
    assert "no longer opens the door" in html
    for secret in (new.code, new.code_in_groups, "Grace", "grace@example.com", booking.reference):
        assert secret not in html
    assert client.get(reverse(page, args=[ticket.code])).status_code == 404
    client.force_login(booking.user)
    assert client.get(reverse(page, args=[ticket.code])).status_code == 404


def test_signed_link_of_a_code_that_never_was_is_not_found(client, ticket):
    ticket.code = "0" * 16

    assert client.get(ticket_link(ticket)).status_code == 404


def test_holder_of_a_ticket_that_was_sent_on_sees_nothing_of_the_booking(client, booking, ticket):
    new = sent_on(ticket)
    others = booking.tickets.exclude(pk=ticket.pk)

    for page in ("bookings:ticket", "bookings:rename_ticket", "bookings:send_on"):
        html = client.get(ticket_link(new, page)).content.decode()
        assert "Grace" in html
        for secret in (booking.reference, booking.email, others.get().code_in_groups):
            assert secret not in html
    path = reverse("bookings:detail", args=[booking.reference])
    assert client.get(f"{path}?access={ticket_token(new)}").status_code == 404


@pytest.mark.parametrize("status", [BookingStatus.EXPIRED, BookingStatus.CANCELLED, None])
def test_hold_that_was_never_confirmed_has_no_tickets_to_show(client, ticket_type, status):
    given = {"status": status} if status else {}
    hold = HoldFactory(event=ticket_type.event, tickets=[ticket_type], user=UserFactory(), **given)
    client.force_login(hold.user)

    for page in TICKET_PAGES:
        assert client.get(ticket_link(hold.tickets.get(), page)).status_code == 404
    for page in BOOKING_PAGES:
        assert client.get(booking_link(hold, page)).status_code == 404


@pytest.mark.parametrize("code", ["NOSUCHTICKETCODE", "é", "x" * 200])
def test_unknown_code_is_not_found(client, ticket, code):
    assert client.get(ticket_link(ticket)).status_code == 200
    assert client.get(reverse("bookings:ticket", args=[code])).status_code == 404
    assert client.get(reverse("bookings:ticket", args=[code]) + "?access=é").status_code == 404


def test_pages_and_files_of_tickets_are_never_kept_by_a_cache(client, booking, ticket):
    links = [ticket_link(ticket, page) for page in TICKET_PAGES]
    links += [booking_link(booking, page) for page in BOOKING_PAGES]

    for link in links:
        response = client.get(link)
        assert response.status_code == 200
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
