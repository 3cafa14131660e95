"""A place in line, as whoever has it sees it: its own page, an offer, my bookings."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.access import access_token, booking_link, waitlist_link, waitlist_token
from bookings.models import Booking, WaitlistEntry, WaitlistStatus
from events.models import EventStatus
from tests.bookings.waiting import booking_page, html_of, join_page, offered, waits
from tests.factories import (
    BookingFactory,
    HoldFactory,
    TicketTypeFactory,
    UserFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket_type():
    return TicketTypeFactory(capacity=2, taken=2, name="Stalls")


@pytest.fixture
def event(ticket_type):
    return ticket_type.event


@pytest.mark.django_db(transaction=True)  # offers follow a commit
def test_overdue_hold_becomes_an_offer_when_the_first_in_line_looks(client, event):
    ticket_type = TicketTypeFactory(event=event, capacity=1)
    hold = HoldFactory(event=event, tickets=[ticket_type])
    entry = waits(ticket_type)
    assert "You are the first in line." in html_of(client.get(waitlist_link(entry)))

    Booking.objects.filter(pk=hold.pk).update(expires_at=timezone.now())

    assert "1 place has come free for you." in html_of(client.get(waitlist_link(entry)))


def test_place_is_reached_by_its_link_or_its_owner_and_nobody_else(client, ticket_type):
    owner = UserFactory()
    entry = waits(ticket_type, user=owner)
    other = waits(ticket_type, "Grace")
    hold = HoldFactory(event=ticket_type.event)
    page = entry.get_absolute_url()
    leave = reverse("bookings:leave_waitlist", args=[entry.reference])

    for token in ("", waitlist_token(entry)[:-1] + "x", waitlist_token(other), access_token(hold)):
        assert client.get(f"{page}?access={token}").status_code == 404
        assert client.post(f"{leave}?access={token}").status_code == 404
    assert client.get(f"{page}?access={waitlist_token(entry)}").status_code == 200
    client.force_login(UserFactory(is_staff=True))
    assert client.get(page).status_code == 404
    client.force_login(owner)
    assert client.get(page).status_code == 200
    assert client.get(reverse("bookings:waiting", args=["NOSUCHRE"])).status_code == 404


def test_leaving_moves_the_others_up_and_can_be_done_twice(client, ticket_type):
    first, second = waits(ticket_type), waits(ticket_type, "Grace")
    leave = waitlist_link(first, "bookings:leave_waitlist")
    assert "cannot be undone" in html_of(client.get(waitlist_link(first)))
    assert client.get(leave).status_code == 405

    pages = [html_of(client.post(leave, follow=True)) for _ in range(2)]

    for html in pages:
        assert "You have left the waiting list." in html
        assert join_page(ticket_type) in html
    assert "You are the first in line." in html_of(client.get(waitlist_link(second)))


def test_open_offer_is_shown_with_its_link_and_its_deadline(client, ticket_type):
    entry = offered(ticket_type, quantity=2)

    html = html_of(client.get(waitlist_link(entry)))

    assert "It is your turn" in html
    assert "1 place has come free for you." in html
    assert "CE" in html.partition("yours until <strong>")[2].partition("</strong>")[0]
    assert booking_link(entry.offer) in html
    assert "You wait for 2." in html
    assert "Leave the waiting list" not in html


def test_leaving_from_an_old_page_keeps_an_offer_that_came_meanwhile(client, ticket_type):
    entry = offered(ticket_type)

    response = client.post(waitlist_link(entry, "bookings:leave_waitlist"), follow=True)

    assert "You have been offered places already." in html_of(response)
    assert "1 place has come free for you." in html_of(response)


def test_details_page_of_an_offer_says_whose_it_is_and_until_when(client, ticket_type):
    entry = offered(ticket_type, quantity=2)

    html = html_of(client.get(booking_link(entry.offer), follow=True))

    assert "You were on the waiting list: this place is yours until <strong>" in html
    assert "You wait for 2, and 1 came free." in html
    assert "keep your place in line for the rest" in html
    assert "Give the places back" in html
    assert "I need more time" not in html
    assert "data-seconds-left" not in html


def test_offer_taken_leads_to_the_booking_and_the_rest_goes_on_waiting(client, ticket_type):
    entry = offered(ticket_type)
    more = offered(ticket_type, name="Grace", quantity=2)
    details = {"name": "Ada", "email": "ada@example.com", "payment_method": "free"}
    for offer in (entry.offer, more.offer):
        client.post(booking_link(offer, "bookings:confirm"), details)

    taken, waiting = (html_of(client.get(waitlist_link(row))) for row in (entry, more))

    assert "You have taken the offer." in taken
    assert booking_link(entry.offer) in taken
    assert "You are the first in line." in waiting
    assert "1 × Stalls" in waiting


@pytest.mark.django_db(transaction=True)  # offers follow a commit
def test_offer_that_ran_out_is_said_everywhere_and_one_can_join_again(client, ticket_type, event):
    entry = offered(ticket_type)
    waits(ticket_type, "Grace")
    Booking.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    place = html_of(client.get(waitlist_link(entry)))
    booking = html_of(client.get(booking_link(entry.offer)))
    again = html_of(client.get(booking_link(entry.offer, "bookings:confirm"), follow=True))

    for html in (place, booking, again):
        assert "ran out, so the places went to the next in line." in html
    assert join_page(ticket_type) in place
    assert join_page(ticket_type) in again
    assert WaitlistEntry.objects.get(name="Grace").has_open_offer


def test_offer_given_back_is_said(client, ticket_type):
    entry = offered(ticket_type)

    client.post(booking_link(entry.offer, "bookings:give_back"))

    assert "were given back" in html_of(client.get(waitlist_link(entry)))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"status": EventStatus.CANCELLED}, "This event was cancelled"),
        ({"starts_at": days_from_now(-2), "ends_at": days_from_now(-1)}, "This event is over."),
        ({"starts_at": days_from_now(-1)}, "Ticket sales have ended"),
    ],
)
def test_waiting_in_vain_is_said(client, ticket_type, event, change, text):
    entry = waits(ticket_type)
    for field, value in change.items():
        setattr(event, field, value)
    event.save()

    html = html_of(client.get(waitlist_link(entry)))

    assert text in html
    assert "in line" not in html


def test_my_bookings_show_where_i_wait_and_what_i_am_offered(client, ticket_type, event):
    user = UserFactory()
    rival = waits(ticket_type, "Grace")
    open_offer = offered(TicketTypeFactory(capacity=2, taken=2, event=event), user=user)
    waiting = waits(ticket_type, user=user)
    left = waits(TicketTypeFactory(capacity=0, event=event), user=user)
    WaitlistEntry.objects.filter(pk=left.pk).update(status=WaitlistStatus.LEFT)
    client.force_login(user)

    html = html_of(client.get(reverse("bookings:list")))

    assert open_offer.get_absolute_url() in html
    assert "Offered to you" in html
    assert waiting.get_absolute_url() in html
    assert left.get_absolute_url() not in html
    assert rival.get_absolute_url() not in html


@pytest.mark.parametrize("number", [1, 10])
def test_my_waiting_lists_cost_the_same_for_any_number(
    client, django_assert_max_num_queries, event, number
):
    user = UserFactory()
    client.force_login(user)
    for _ in range(number):
        waits(TicketTypeFactory(event=event, capacity=0), user=user)

    with django_assert_max_num_queries(4):  # the user, how many bookings, they, the entries
        html = html_of(client.get(reverse("bookings:list")))
    assert html.count("On the waiting list") == number


@pytest.mark.parametrize("number", [1, 10])
def test_page_costs_the_same_for_any_length_of_the_line(
    client, django_assert_max_num_queries, ticket_type, number
):
    for at in range(number):
        entry = waits(ticket_type, f"Person{at}")

    # the entry, the position; holds that ran out, in a transaction of their own
    with django_assert_max_num_queries(5):
        html = html_of(client.get(waitlist_link(entry)))
    assert f"<strong>{number}</strong>" in html


def test_waiting_list_pages_are_never_cached(client, ticket_type):
    entry = waits(ticket_type)

    for page in (join_page(ticket_type), waitlist_link(entry)):
        assert "no-store" in client.get(page)["Cache-Control"]


@pytest.mark.django_db(transaction=True)  # offers follow a commit
def test_cancelled_booking_goes_to_the_line_and_not_to_who_books(client, event):
    ticket_type = TicketTypeFactory(event=event, capacity=1)
    booking = BookingFactory(event=event, tickets=[ticket_type])
    entry = waits(ticket_type)

    client.post(booking_link(booking, "bookings:cancel"))

    entry.refresh_from_db()
    assert entry.has_open_offer
    assert f'name="quantity_{ticket_type.pk}"' not in html_of(client.get(booking_page(event)))
