"""Another name on a ticket, and a ticket of another type, by the host."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bookings.models import (
    Booking,
    DiscountKind,
    PaymentMethod,
    PromoCode,
    Ticket,
    WaitlistEntry,
    WaitlistStatus,
)
from bookings.services.verification import find_differences
from events.models import Event, TicketStock, TicketType
from tests.bookings.hosted import booked, hosted_event, page_of
from tests.factories import BookingFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    event = hosted_event(client)
    TicketType.objects.update(price=10)
    return event


@pytest.fixture
def balcony(event: Event) -> TicketType:
    return TicketTypeFactory(event=event, name="Balcony", price=Decimal(25), capacity=2)


def paid(event: Event, tickets: int = 2, **fields: Any) -> Booking:
    """Of the first ticket type, at the door."""
    ticket_type = event.ticket_types.earliest("pk")
    terms = {"total": 10 * tickets, "payment_method": PaymentMethod.AT_DOOR}
    booking: Booking = BookingFactory(
        event=event, tickets=[ticket_type] * tickets, **terms | fields
    )
    return booking


def move(client: Client, ticket: Ticket, to: TicketType, **typed: object) -> Any:
    address = page_of(to.event, "hosted_move", ticket.pk)
    return client.post(address, {"ticket_type": to.pk, **typed}, follow=True)


class TestMoving:
    def test_says_what_it_costs_then_changes_type_price_total_and_stock(
        self, client: Client, event: Event, balcony: TicketType
    ) -> None:
        booking = paid(event)
        ticket = booking.tickets.first()
        page = client.get(page_of(event, "hosted_move", ticket.pk)).content.decode()

        move(client, ticket, balcony)

        assert "Balcony, €25.00 (€15.00 more), 2 left" in page
        code = ticket.code
        ticket.refresh_from_db()
        booking.refresh_from_db()
        assert (ticket.ticket_type, ticket.price, ticket.code) == (balcony, 25, code)
        assert booking.total == 35
        assert TicketStock.objects.get(pk=balcony.pk).taken == 1
        assert find_differences() == []
        change = booking.changes.get()
        assert change.actor == event.host.owner
        assert change.reason.endswith("was Standard, €10.00, and is Balcony, €25.00.")

    def test_can_leave_the_price(self, client: Client, event: Event, balcony: TicketType) -> None:
        booking = paid(event)
        Event.objects.update(allows_pay_at_door=False)

        move(client, booking.tickets.first(), balcony, keeps_price="on")

        booking.refresh_from_db()
        assert booking.total == 20
        assert sorted(ticket.price for ticket in booking.tickets.all()) == [10, 10]
        assert booking.tickets.filter(ticket_type=balcony).count() == 1

    def test_to_a_free_type_leaves_nothing_to_pay(self, client: Client, event: Event) -> None:
        free = TicketTypeFactory(event=event, name="Helper")
        booking = paid(event, 1)

        move(client, booking.tickets.get(), free)

        booking.refresh_from_db()
        assert (booking.total, booking.payment_method) == (0, PaymentMethod.FREE)

    def test_from_a_free_type_is_paid_at_the_door(self, client: Client, event: Event) -> None:
        free = TicketTypeFactory(event=event, name="Helper")
        booking = BookingFactory(event=event, tickets=[free])

        move(client, booking.tickets.get(), event.ticket_types.exclude(pk=free.pk).get())

        booking.refresh_from_db()
        assert (booking.total, booking.payment_method) == (10, PaymentMethod.AT_DOOR)

    def test_keeps_the_promo_code(self, client: Client, event: Event, balcony: TicketType) -> None:
        code = PromoCode.objects.create(
            event=event, code="HALF", kind=DiscountKind.PERCENT, value=50, uses=1
        )
        booking = paid(event, promo_code=code, discount=10)
        booking.tickets.update(price=5)
        Booking.objects.update(total=10)

        move(client, booking.tickets.first(), balcony)

        booking.refresh_from_db()
        assert (booking.total, booking.discount) == (Decimal("17.50"), Decimal("17.50"))

    def test_offers_the_place_that_is_left_to_those_who_wait(
        self,
        client: Client,
        event: Event,
        balcony: TicketType,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        booking = paid(event)
        first = booking.tickets.first()
        entry = WaitlistEntry.objects.create(
            ticket_type=first.ticket_type, quantity=1, name="Grace", email="grace@example.org"
        )
        TicketStock.objects.filter(pk=first.ticket_type_id).update(capacity=2, waiting=1)

        with django_capture_on_commit_callbacks(execute=True):
            move(client, first, balcony)

        entry.refresh_from_db()
        assert entry.status == WaitlistStatus.OFFERED
        assert find_differences() == []

    def test_takes_no_place_that_is_not_there(
        self, client: Client, event: Event, balcony: TicketType
    ) -> None:
        BookingFactory(event=event, tickets=[balcony] * 2)
        ticket = paid(event).tickets.first()

        page = move(client, ticket, balcony)

        assert page.status_code == 400
        assert "Sold out meanwhile." in page.content.decode()
        ticket.refresh_from_db()
        assert ticket.ticket_type != balcony
        assert find_differences() == []

    def test_goes_to_no_other_event_or_currency(self, client: Client, event: Event) -> None:
        ticket = paid(event).tickets.first()
        elsewhere = TicketTypeFactory(event__host=event.host)
        dollars = TicketTypeFactory(event=event, currency="USD")

        for ticket_type in (elsewhere, dollars):
            address = page_of(event, "hosted_move", ticket.pk)
            assert client.post(address, {"ticket_type": ticket_type.pk}).status_code == 400

    @pytest.mark.parametrize("state", ["over", "cancelled", "held"])
    def test_is_too_late_for_what_opens_no_door(
        self, client: Client, event: Event, balcony: TicketType, state: str
    ) -> None:
        booking = paid(event)
        if state == "over":
            past = timezone.now() - dt.timedelta(days=2)
            Event.objects.update(starts_at=past, ends_at=past + dt.timedelta(hours=1))
        elif state == "cancelled":
            Booking.objects.update(status="cancelled")
        else:
            booking.delete()
            booking = paid(event, status="pending", expires_at=event.ends_at)
        ticket = booking.tickets.first()

        page = move(client, ticket, balcony)

        assert page.status_code == 400
        assert "can no longer be changed" in page.content.decode()
        ticket.refresh_from_db()
        assert ticket.ticket_type != balcony

    def test_again_changes_nothing(self, client: Client, event: Event, balcony: TicketType) -> None:
        booking = paid(event)
        ticket = booking.tickets.first()
        move(client, ticket, balcony)

        assert move(client, ticket, balcony).status_code == 400
        booking.refresh_from_db()
        assert booking.total == 35
        assert TicketStock.objects.get(pk=balcony.pk).taken == 1


class TestRenaming:
    def test_is_possible_until_the_event_is_over(self, client: Client, event: Event) -> None:
        Event.objects.update(starts_at=timezone.now() - dt.timedelta(minutes=5))
        ticket = booked(event).tickets.get()
        address = page_of(event, "hosted_rename", ticket.pk)

        client.post(address, {"name": "Grace Hopper"})

        ticket.refresh_from_db()
        assert ticket.attendee_name == "Grace Hopper"
        assert ticket.booking.changes.get().actor == event.host.owner
        past = timezone.now() - dt.timedelta(days=2)
        Event.objects.update(starts_at=past, ends_at=past + dt.timedelta(hours=1))
        assert client.post(address, {"name": "Eve"}).status_code == 400
        assert "can no longer be changed" in client.get(address).content.decode()

    def test_needs_a_name(self, client: Client, event: Event) -> None:
        address = page_of(event, "hosted_rename", booked(event).tickets.get().pk)

        assert client.post(address, {"name": " "}).status_code == 400
        assert client.post(address, {"name": "x" * 151}).status_code == 400
        assert Ticket.objects.get().attendee_name == "Ada Lovelace"

    def test_of_another_event_is_not_there(self, client: Client, event: Event) -> None:
        foreign = booked(TicketTypeFactory().event).tickets.get()

        for name in ("hosted_rename", "hosted_move"):
            assert client.get(page_of(event, name, foreign.pk)).status_code == 404
