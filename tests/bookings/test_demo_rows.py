"""What a demo holds, which is seeded once for all tests of this file."""

import datetime as dt
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import User
from bookings.models import Booking, BookingStatus, CheckIn, Ticket
from events.models import (
    City,
    Event,
    EventStatus,
    Host,
    HostRole,
    Listing,
    Review,
    SaleState,
    SharedCapacity,
    TicketStock,
    TicketType,
)

pytestmark = pytest.mark.django_db

HOLDING = (BookingStatus.PENDING, BookingStatus.CONFIRMED)


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", events=300, verbosity=0)
        yield
        transaction.set_rollback(True)


def test_demo_is_as_large_and_as_varied_as_promised():
    upcoming = Event.objects.upcoming()
    states = Counter(upcoming.values_list("status", flat=True))
    assert states.total() >= 290  # those of the first evening may be over at once
    assert states[EventStatus.CANCELLED] >= 5
    assert states[EventStatus.DRAFT] >= 3
    assert Event.objects.past().count() >= 40
    by_city = Listing.objects.exclude(city=None).values("city").annotate(events=Count("pk"))
    assert by_city.filter(events__gte=3).count() == 30
    assert City.objects.values("timezone").distinct().count() >= 20
    by_category = upcoming.values("category").annotate(events=Count("pk"))
    assert by_category.count() == 10
    assert min(row["events"] for row in by_category) >= 20
    assert Host.objects.count() >= 40
    assert len(set(Event.objects.values_list("title", flat=True))) > 0.97 * Event.objects.count()
    assert upcoming.filter(city=None, is_online=True).exists()
    assert upcoming.filter(is_all_day=True, end_date__gt=F("start_date")).exists()
    longer = F("starts_at") + dt.timedelta(days=1)
    assert upcoming.filter(is_all_day=False, ends_at__gt=longer).exists()
    published = upcoming.published()
    today = timezone.localdate()
    assert published.filter(start_date__lt=today + dt.timedelta(days=14)).count() > 50
    assert published.filter(start_date__gt=today + dt.timedelta(days=120)).exists()


def test_demo_has_tickets_in_every_state():
    types = list(
        TicketType.objects.filter(event__in=Event.objects.published().upcoming()).select_related(
            "stock", "event"
        )
    )
    assert {ticket_type.sale_state for ticket_type in types} == set(SaleState)
    assert len({ticket_type.currency for ticket_type in types}) > 12
    assert any(ticket_type.is_free for ticket_type in types)
    assert any(ticket_type.is_hidden for ticket_type in types)
    places: Counter[int] = Counter()
    for ticket_type in types:
        if not ticket_type.is_hidden:
            places[ticket_type.event_id] += ticket_type.stock.left
    left = list(places.values())
    assert sum(number == 0 for number in left) >= 10
    assert sum(0 < number <= 4 for number in left) >= 10
    not_started = [kind for kind in types if kind.sale_state is SaleState.NOT_STARTED]
    assert not any(kind.stock.taken for kind in not_started)
    paid = Event.objects.filter(ticket_types__price__gt=0)
    assert not paid.filter(allows_pay_at_door=False).exists()


def test_every_stock_has_taken_what_is_held_and_confirmed():
    counted = Count(
        "ticket_type__tickets", filter=Q(ticket_type__tickets__booking__status__in=HOLDING)
    )
    stocks = TicketStock.objects.annotate(counted=counted)
    assert stocks.filter(taken__gt=0).exists()
    assert not stocks.exclude(taken=F("counted")).exists()
    assert set(Booking.objects.values_list("status", flat=True)) == set(BookingStatus)


def test_one_event_shares_its_hall_among_ticket_types():
    hall = SharedCapacity.objects.select_related("event").get()
    assert hall.event.is_published
    assert hall.stocks.count() > 1
    assert hall.taken == sum(hall.stocks.values_list("taken", flat=True)) < hall.capacity


def test_bookings_hold_together():
    for booking in Booking.objects.prefetch_related("tickets__ticket_type"):
        tickets = booking.tickets.all()
        assert booking.total == sum(ticket.price for ticket in tickets)
        assert all(ticket.ticket_type.event_id == booking.event_id for ticket in tickets)
        assert booking.created_at <= timezone.now()
        sizes = Counter(ticket.ticket_type for ticket in tickets)
        assert all(
            kind.min_per_booking <= number <= kind.max_per_booking for kind, number in sizes.items()
        )
    held = Booking.objects.filter(status=BookingStatus.PENDING)
    assert not held.filter(expires_at__lte=timezone.now()).exists()
    assert not Booking.objects.filter(confirmed_at__gt=F("event__starts_at")).exists()


def test_reviews_are_by_people_who_were_there():
    reviews = Review.objects.select_related("event")
    assert reviews.count() > 30
    assert reviews.values("rating").distinct().count() >= 4
    for review in reviews:
        assert review.event.is_over
        assert review.event.ends_at < review.created_at <= timezone.now()
        assert review.event.bookings.confirmed().filter(user=review.user).exists()


def test_most_of_those_who_had_booked_came_to_what_is_over():
    # Nobody has come yet to what was not over when the day of the demo began.
    events = CheckIn.objects.values("event")
    tickets = Ticket.objects.filter(
        booking__event__in=events, booking__status=BookingStatus.CONFIRMED
    )
    assert events.distinct().count() > 20
    assert 0.75 < tickets.checked_in().count() / tickets.count() < 0.97
    assert tickets.checked_in().count() == CheckIn.objects.count()
    for check_in in CheckIn.objects.select_related("event__host", "ticket__booking")[::50]:
        assert check_in.event_id == check_in.ticket.booking.event_id
        assert check_in.checked_in_at <= check_in.event.ends_at
        members = check_in.event.host.members.filter(role=HostRole.DOOR)
        assert check_in.checked_in_by_id in members.values_list("user", flat=True)


def test_nobody_else_can_log_in():
    others = User.objects.exclude(email__endswith="@eventmate.example")
    assert others.count() > 100
    assert not any(user.has_usable_password() for user in others)


def test_demo_host_has_events_and_bookings_of_their_own():
    user = User.objects.get(email="host@eventmate.example")
    events = Event.objects.filter(host__owner=user)
    assert events.published().upcoming().count() >= 5
    assert events.filter(status=EventStatus.DRAFT).exists()
    assert user.bookings.confirmed().filter(event__ends_at__gt=timezone.now()).exists()
    past = user.bookings.confirmed().filter(event__ends_at__lte=timezone.now())
    assert past.exclude(event__reviews__user=user).exists()
