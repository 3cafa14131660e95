"""The events that are sold in the bench, and the rows that fill one up."""

import datetime as dt
import itertools
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from bookings.models import Booking, BookingStatus, PaymentMethod, Ticket
from bookings.services.booking import confirm_booking
from bookings.services.holding import hold_places
from bookings.services.verification import find_differences
from events.models import Category, City, Event, EventStatus, Host, TicketStock, TicketType

BATCH = 5000

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Order:
    """Some tickets of one type for the owner of an e-mail address, who may have an account."""

    ticket_type: TicketType
    email: str
    user: User | None = None
    name: str = "Ada Lovelace"
    tickets: int = 1


def make_ticket_type(places: int) -> TicketType:
    """Free tickets of an event of their own, a week from now."""
    number = next(_numbers)
    starts_at = timezone.now() + dt.timedelta(days=7)
    event = Event.objects.create(
        title=f"Rush {number}",
        slug=f"rush-{number}",
        summary="Everyone wants to go.",
        description="Doors open at **seven**.",
        category=Category.objects.get_or_create(slug="jazz", name="Jazz")[0],
        city=_city(),
        host=_host(),
        venue="Blue Room",
        timezone="Europe/Berlin",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=3),
        status=EventStatus.PUBLISHED,
    )
    ticket_type = TicketType.objects.create(event=event, name="Standard", price=Decimal(0))
    TicketStock.objects.create(ticket_type=ticket_type, capacity=places)
    return ticket_type


def book(ticket_type: TicketType, number: int) -> Booking:
    """Hold one ticket and confirm it, as the two forms of the site do."""
    booking = hold_places(
        event=ticket_type.event, quantities={ticket_type.pk: 1}, idempotency_key=uuid.uuid4()
    )
    return confirm_booking(
        booking=booking,
        name="Ada Lovelace",
        email=f"buyer{number}@example.org",
        attendee_names={},
        payment_method=PaymentMethod.FREE,
    )


def fill_up(ticket_type: TicketType, bookings: int) -> None:
    """Add confirmed bookings of one ticket each, with their tickets and the places they take."""
    for first in range(0, bookings, BATCH):
        numbers = range(first, min(first + BATCH, bookings))
        add_bookings(Order(ticket_type, f"earlier{number}@example.org") for number in numbers)


def add_bookings(orders: Iterable[Order]) -> list[Booking]:
    """A confirmed booking for each."""
    orders = list(orders)
    taken: Counter[int] = Counter()
    for order in orders:
        taken[order.ticket_type.pk] += order.tickets
    with transaction.atomic():
        made = Booking.objects.bulk_create(map(_booking, orders))
        Ticket.objects.bulk_create(
            Ticket(
                booking=booking, ticket_type=order.ticket_type, price=0, attendee_name=order.name
            )
            for booking, order in zip(made, orders, strict=True)
            for _ in range(order.tickets)
        )
        for places in set(taken.values()):
            types = [pk for pk, number in taken.items() if number == places]
            stocks = TicketStock.objects.filter(ticket_type__in=types)
            stocks.update(taken=F("taken") + places)
    return made


def vacuum() -> None:
    """What autovacuum does sooner or later, at a moment of the bench's choosing."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def check_inventory() -> None:
    """Nothing that was measured counts where the counters are not what the rows say."""
    differences = find_differences()
    assert not differences, differences


def _booking(order: Order) -> Booking:
    return Booking(
        event=order.ticket_type.event,
        user=order.user,
        name=order.name,
        email=order.email,
        status=BookingStatus.CONFIRMED,
        payment_method=PaymentMethod.FREE,
        total=0,
        currency=order.ticket_type.currency,
        idempotency_key=uuid.uuid4(),
        expires_at=timezone.now(),
        confirmed_at=timezone.now(),
    )


def _city() -> City:
    return City.objects.get_or_create(
        slug="berlin",
        defaults={
            "name": "Berlin",
            "country": "Germany",
            "country_code": "DE",
            "timezone": "Europe/Berlin",
            "latitude": 52.52,
            "longitude": 13.405,
        },
    )[0]


def _host() -> Host:
    owner = User.objects.get_or_create(email="host@example.org")[0]
    return Host.objects.get_or_create(
        slug="blue-room", defaults={"name": "Blue Room", "owner": owner}
    )[0]
