"""Where people are led to the waiting list, and how they join it."""

import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from bookings.access import waitlist_link, waitlist_token
from bookings.models import WaitlistEntry
from events.models import EventStatus
from tests.bookings.waiting import (
    booking_page,
    free_a_place,
    html_of,
    join_page,
    person,
    waits,
)
from tests.factories import EventFactory, HoldFactory, TicketTypeFactory, UserFactory, days_from_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket_type():
    return TicketTypeFactory(capacity=2, taken=2, name="Stalls")


@pytest.fixture
def event(ticket_type):
    return ticket_type.event


def test_sold_out_type_leads_to_its_waiting_list(client, event, ticket_type):
    other = TicketTypeFactory(event=event, capacity=5)

    html = html_of(client.get(booking_page(event)))

    assert join_page(ticket_type) in html
    assert "Nobody waits yet" in html
    assert join_page(other) not in html
    assert "Hold these places" in html


def test_event_that_is_sold_out_says_so_and_leads_to_the_waiting_list(client, event):
    html = html_of(client.get(event.get_absolute_url()))

    assert f'href="{booking_page(event)}">Join the waiting list</a>' in html
    assert "Every place is taken at the moment." in html_of(client.get(booking_page(event)))


@pytest.mark.parametrize(
    "change",
    [
        {"allows_pay_at_door": False},
        {"status": EventStatus.CANCELLED},
        {"starts_at": days_from_now(-1), "ends_at": days_from_now(1)},
        {"starts_at": days_from_now(-2), "ends_at": days_from_now(-1)},
    ],
)
def test_list_that_nobody_could_be_offered_a_place_of_is_not_to_be_joined(client, change):
    ticket_type = TicketTypeFactory(
        event=EventFactory(**change), price=Decimal(12), capacity=1, taken=1
    )

    assert join_page(ticket_type) not in html_of(client.get(booking_page(ticket_type.event)))
    assert client.get(join_page(ticket_type))["Location"] == booking_page(ticket_type.event)
    assert client.post(join_page(ticket_type), person()).status_code in {400, 409}
    assert not WaitlistEntry.objects.exists()


def test_fewer_left_than_the_least_a_booking_can_be_waited_for(client):
    ticket_type = TicketTypeFactory(capacity=1, min_per_booking=2)

    html = html_of(client.get(booking_page(ticket_type.event)))

    assert join_page(ticket_type) in html
    assert "At least 2 a booking." in html
    assert f'name="quantity_{ticket_type.pk}"' not in html
    assert client.post(join_page(ticket_type), person(quantity=2)).status_code == 302


def test_places_that_go_to_the_line_are_not_offered_to_others(client, event, ticket_type):
    waits(ticket_type, quantity=2)
    free_a_place(ticket_type)

    html = html_of(client.get(booking_page(event)))
    sent = {f"quantity_{ticket_type.pk}": 1, "idempotency_key": uuid.uuid4()}
    refused = client.post(booking_page(event), sent)

    assert f'name="quantity_{ticket_type.pk}"' not in html
    assert "1 person waits. Places that come free are offered to them first." in html
    assert refused.status_code == 409
    assert "What is left goes to the waiting list first." in html_of(refused)
    assert "Sold out meanwhile" not in html_of(refused)
    assert join_page(ticket_type) in html_of(refused)


def test_guest_joins_and_sees_their_place_in_line(client, ticket_type):
    waits(ticket_type, "Grace")
    form = client.get(join_page(ticket_type))
    assert "1 person waits</strong> already. You would be number 2 in line." in html_of(form)

    response = client.post(join_page(ticket_type), person(quantity=2), follow=True)

    entry = WaitlistEntry.objects.get(name="Ada")
    assert response.redirect_chain == [(waitlist_link(entry), 302)]
    html = html_of(response)
    assert "You are number 2 in line." in html
    assert "2 × Stalls" in html
    assert "Leave the waiting list" in html
    assert (entry.quantity, entry.user) == (2, None)


def test_account_finds_its_name_and_address_filled_in_and_owns_the_place(client, ticket_type):
    user = UserFactory()
    client.force_login(user)
    form = client.get(join_page(ticket_type)).context["form"]
    assert (form["name"].value(), form["email"].value()) == (user.name, user.email)

    client.post(join_page(ticket_type), person(email=user.email))

    entry = WaitlistEntry.objects.get(user=user)
    assert client.get(entry.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", "0"),
        ("quantity", "11"),
        ("quantity", "many"),
        ("quantity", "9" * 5000),
        ("name", ""),
        ("name", "x" * 151),
        ("email", "nobody"),
    ],
)
def test_bad_field_is_said_and_what_was_typed_is_kept(client, ticket_type, field, value):
    response = client.post(join_page(ticket_type), person() | {field: value})

    form = response.context["form"]
    assert response.status_code == 400
    assert list(form.errors) == [field]
    assert form[field].value() == value
    assert not WaitlistEntry.objects.exists()


def test_no_more_can_be_waited_for_than_a_person_may_have(client, ticket_type, event):
    event.max_tickets_per_person = 3
    event.save()

    response = client.post(join_page(ticket_type), person(quantity=4))

    assert response.context["form"].errors == {"quantity": ["At most 3 a booking."]}


def test_joining_twice_from_the_same_browser_leads_to_the_same_place(client, ticket_type):
    first = client.post(join_page(ticket_type), person())
    second = client.post(join_page(ticket_type), person())

    assert first["Location"] == second["Location"]
    assert WaitlistEntry.objects.count() == 1


def test_joining_twice_with_an_account_leads_to_the_same_place(ticket_type):
    user = UserFactory()
    answers = []
    for browser in (Client(), Client()):
        browser.force_login(user)
        answers.append(browser.post(join_page(ticket_type), person(email=user.email)))

    assert answers[0]["Location"] == answers[1]["Location"]


@pytest.mark.parametrize("email", ["ada@example.com", "Ada+tickets@Example.com"])
def test_who_only_knows_the_address_does_not_get_to_the_place(client, ticket_type, email):
    entry = waits(ticket_type)
    client.force_login(UserFactory())

    response = client.post(join_page(ticket_type), person(email=email))

    html = html_of(response)
    assert response.status_code == 200
    assert "The mail that went to this address has the link" in html
    assert entry.reference not in html
    assert waitlist_token(entry) not in html
    assert WaitlistEntry.objects.count() == 1


def test_places_that_came_free_are_to_be_booked_not_waited_for(client, ticket_type, event):
    free_a_place(ticket_type)

    for visit in (client.get, client.post):
        response = visit(join_page(ticket_type), person(), follow=True)
        assert response.redirect_chain == [(booking_page(event), 302)]
        assert "There are places for Stalls now: you need not wait." in html_of(response)
    assert not WaitlistEntry.objects.exists()


def test_places_of_an_overdue_hold_are_free_before_anyone_waits(client, event):
    ticket_type = TicketTypeFactory(event=event, capacity=1)
    HoldFactory(event=event, tickets=[ticket_type], expires_at=timezone.now())

    assert client.get(join_page(ticket_type))["Location"] == booking_page(event)


@pytest.mark.parametrize("number", [1, 10])
def test_join_page_costs_the_same_for_any_length_of_the_line(
    client, django_assert_max_num_queries, ticket_type, number
):
    for at in range(number):
        waits(ticket_type, f"Person{at}")

    # the ticket type; holds that ran out, in a transaction of their own
    with django_assert_max_num_queries(4):
        html = html_of(client.get(join_page(ticket_type)))
    assert f"You would be number {number + 1} in line." in html
