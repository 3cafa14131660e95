"""Adding someone by hand, such as at the door."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bookings.models import Booking, Message, MessageKind, PaymentMethod
from bookings.services.verification import find_differences
from events.models import Event, EventStatus, TicketStock, TicketType
from tests.bookings.hosted import booked, hosted_event, page_of
from tests.factories import HoldFactory, TicketTypeFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    event = hosted_event(client)
    TicketType.objects.update(price=Decimal("12.50"))
    return event


def form_of(client: Client, event: Event, **typed: object) -> dict[str, Any]:
    sent = submission(client.get(page_of(event, "hosted_add_attendee")).content.decode())
    return {**sent, "name": "Grace Hopper", "email": "grace@example.org", **typed}


def add(client: Client, event: Event, **typed: object) -> Any:
    form = form_of(client, event, **typed)
    return client.post(page_of(event, "hosted_add_attendee"), form, follow=True)


def test_books_at_once_and_sends_the_tickets(client: Client, event: Event) -> None:
    page = add(client, event, quantity=2)

    booking = Booking.objects.get()
    assert "Grace Hopper is in." in page.content.decode()
    assert booking.is_confirmed
    assert (booking.name, booking.email) == ("Grace Hopper", "grace@example.org")
    assert (booking.total, booking.payment_method) == (Decimal("25.00"), PaymentMethod.AT_DOOR)
    assert [ticket.attendee_name for ticket in booking.tickets.all()] == ["Grace Hopper"] * 2
    assert [change.reason for change in booking.changes.all()] == ["", "Added by hand."]
    assert {change.actor for change in booking.changes.all()} == {event.host.owner}
    message = Message.objects.get()
    assert (message.kind, message.recipient) == (MessageKind.CONFIRMATION, "grace@example.org")
    assert TicketStock.objects.get().taken == 2
    assert find_differences() == []


def test_is_free_for_guests_and_mails_the_host_where_they_have_no_address(
    client: Client, event: Event
) -> None:
    Event.objects.update(allows_pay_at_door=False)

    add(client, event, is_free="on", email="")

    booking = Booking.objects.get()
    assert (booking.total, booking.discount) == (0, 0)
    assert booking.payment_method == PaymentMethod.FREE
    assert booking.email == event.host.owner.email


def test_does_not_ask_whether_it_is_on_sale(client: Client, event: Event) -> None:
    TicketType.objects.update(
        is_hidden=True, sales_end=timezone.now() - dt.timedelta(days=1), min_per_booking=4
    )
    Event.objects.update(
        starts_at=timezone.now() - dt.timedelta(minutes=5), max_tickets_per_person=1
    )

    add(client, event, quantity=2)

    assert Booking.objects.get().is_confirmed


def test_the_same_form_sent_twice_adds_one(client: Client, event: Event) -> None:
    TicketStock.objects.update(capacity=1)
    form, address = form_of(client, event), page_of(event, "hosted_add_attendee")

    answers = [client.post(address, form) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert Booking.objects.count() == 1


def test_a_key_of_another_event_adds_nobody(client: Client, event: Event) -> None:
    other = booked(TicketTypeFactory().event)

    page = add(client, event, idempotency_key=other.idempotency_key)

    assert page.status_code == 400
    assert not Booking.objects.filter(event=event).exists()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("capacity", 1, "Only 1 left now."),
        ("waiting", 1, "What is left goes to the waiting list first."),
        ("allows_pay_at_door", False, "takes no payment at the door"),
        ("status", EventStatus.CANCELLED, "This event was cancelled."),
    ],
)
def test_what_cannot_be_is_said_and_all_that_was_typed_stays(
    client: Client, event: Event, field: str, value: object, told: str
) -> None:
    form = form_of(client, event, quantity=2)
    model = TicketStock if field in ("capacity", "waiting") else Event
    model.objects.update(**{field: value})

    page = client.post(page_of(event, "hosted_add_attendee"), form)

    assert page.status_code == 400
    assert told in page.content.decode()
    assert submission(page.content.decode())["name"] == "Grace Hopper"
    assert not Booking.objects.exists()


def test_places_of_holds_that_ran_out_are_free(client: Client, event: Event) -> None:
    TicketStock.objects.update(capacity=1)
    HoldFactory(event=event, tickets=[event.ticket_types.get()], expires_at=timezone.now())

    add(client, event)

    assert Booking.objects.confirmed().count() == 1


@pytest.mark.parametrize(
    "typed",
    [{"name": ""}, {"email": "grace@"}, {"quantity": 0}, {"quantity": 21}, {"ticket_type": 0}],
)
def test_what_was_typed_wrong_comes_back(
    client: Client, event: Event, typed: dict[str, object]
) -> None:
    assert add(client, event, **typed).status_code == 400
    assert not Booking.objects.exists()


def test_a_form_without_its_key_comes_back(client: Client, event: Event) -> None:
    assert add(client, event, idempotency_key="").status_code == 400
    assert add(client, event, idempotency_key=uuid.uuid4()).status_code == 200


def test_without_ticket_types_there_is_nothing_to_fill_in(client: Client, event: Event) -> None:
    TicketStock.objects.all().delete()

    page = client.get(page_of(event, "hosted_add_attendee")).content.decode()

    assert "no ticket types yet" in page


def test_a_form_that_was_sent_for_someone_else_adds_them_when_it_is_sent_again(
    client: Client, event: Event
) -> None:
    form = form_of(client, event)
    address = page_of(event, "hosted_add_attendee")
    client.post(address, form)

    page = client.post(address, form | {"name": "Alan Turing", "quantity": 3})

    assert page.status_code == 400
    assert "was sent before, for Grace Hopper" in page.content.decode()
    assert Booking.objects.count() == 1
    sent_again = submission(page.content.decode())
    assert (sent_again["name"], sent_again["quantity"]) == ("Alan Turing", "3")

    client.post(address, sent_again)

    assert Booking.objects.get(name="Alan Turing").tickets.count() == 3
