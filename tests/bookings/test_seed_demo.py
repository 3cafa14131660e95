"""The demo, seen from its command and in the rows that it leaves."""

import datetime as dt
import io
import json
import re
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import User
from bookings.demo.builder import build_demo
from bookings.demo.logins import Login, make_admin, make_host
from bookings.models import Booking, BookingStatus, Ticket
from events.localtime import to_instant
from events.models import (
    Category,
    City,
    Event,
    EventStatus,
    Favorite,
    Host,
    Listing,
    Review,
    SaleState,
    TicketStock,
    TicketType,
)
from tests.factories import EventFactory, UserFactory

pytestmark = pytest.mark.django_db

HOLDING = (BookingStatus.PENDING, BookingStatus.CONFIRMED)
NOW = dt.datetime(2027, 3, 20, 9, 30, tzinfo=dt.UTC)
UNFILLED = re.compile(r"[{}|]|\b[Tt]he [Tt]he\b|  ")


def seed(**options):
    output = io.StringIO()
    call_command("seed_demo", stdout=output, **({"events": 40} | options))
    return output.getvalue()


def build(seed=1, events=40, now=NOW):
    return build_demo(
        seed=seed,
        event_count=events,
        admin=make_admin(Login("admin@eventmate.example", "x")),
        host=make_host(Login("host@eventmate.example", "x")),
        now=now,
    )


def counts():
    models = (User, City, Category, Host, Event, TicketType, Booking, Ticket, Review, Favorite)
    return {model.__name__: model.objects.count() for model in models}


def test_demo_is_as_large_and_as_varied_as_promised():
    seed(events=300)
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
    assert upcoming.filter(is_all_day=False, ends_at__gt=F("starts_at") + dt.timedelta(days=1))
    published = upcoming.published()
    today = timezone.localdate()
    assert published.filter(start_date__lt=today + dt.timedelta(days=14)).count() > 50
    assert published.filter(start_date__gt=today + dt.timedelta(days=120)).exists()


def test_demo_has_tickets_in_every_state():
    seed(events=300)
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
    seed(events=120)
    counted = Count(
        "ticket_type__tickets", filter=Q(ticket_type__tickets__booking__status__in=HOLDING)
    )
    stocks = TicketStock.objects.annotate(counted=counted)
    assert stocks.filter(taken__gt=0).exists()
    assert not stocks.exclude(taken=F("counted")).exists()
    assert set(Booking.objects.values_list("status", flat=True)) == set(BookingStatus)


def test_bookings_hold_together():
    seed(events=80)
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
    seed(events=120)
    reviews = Review.objects.select_related("event")
    assert reviews.count() > 30
    assert reviews.values("rating").distinct().count() >= 4
    for review in reviews:
        assert review.event.is_over
        assert review.event.ends_at < review.created_at <= timezone.now()
        assert review.event.bookings.confirmed().filter(user=review.user).exists()


def test_rows_are_valid_as_forms_would_have_them():
    seed()
    for model in (City, Category, Host, Event, TicketType, Review):
        for row in model.objects.all():
            row.full_clean()


def test_every_text_of_the_corpus_fills_completely():
    demo = build(events=700)  # each category often enough for all its texts
    for event in demo.events:
        for text in (event.title, event.summary, event.description):
            assert not UNFILLED.search(text), text
        assert len(event.title) <= 200
        assert 40 <= len(event.summary) <= 300
        assert len(event.description) > 250
    for offer in demo.offers:
        assert not UNFILLED.search(offer.ticket_type.name + offer.ticket_type.description)


@pytest.mark.parametrize("day", range(0, 365, 26))
def test_events_take_place_at_times_that_a_clock_shows(day):
    now = NOW + dt.timedelta(days=day)
    for event in build(seed=day, events=60, now=now).events:
        start = event.schedule.start
        assert to_instant(start.replace(tzinfo=None), event.timezone) == event.starts_at
        assert event.is_all_day or 7 <= start.hour <= 23
        assert event.ends_at > event.starts_at


def test_same_seed_on_the_same_day_gives_the_same_rows():
    first, second = (describe(build(now=NOW + dt.timedelta(hours=hours))) for hours in (0, 9))
    assert first == second


def test_other_seed_or_day_gives_other_rows():
    assert describe(build(seed=1)) != describe(build(seed=2))
    assert describe(build()) != describe(build(now=NOW + dt.timedelta(days=1)))


def describe(demo):
    """All of it but for what is made anew each time."""
    return (
        [user.email for user in demo.users],
        [(e.uid, e.slug, e.summary, e.description, e.starts_at, e.status) for e in demo.events],
        [(o.ticket_type.name, o.ticket_type.price, o.stock.taken) for o in demo.offers],
        [
            (s.booking.reference, s.booking.name, s.booking.total, len(s.tickets))
            for s in demo.sales
        ],
        [(r.rating, r.text, r.created_at) for r in demo.reviews],
        [(f.user.email, f.event.slug) for f in demo.favorites],
    )


@pytest.mark.parametrize("role", ["admin", "host"])
def test_credentials_file_is_private_and_its_logins_work(tmp_path, client, role):
    path = tmp_path / "logins.json"
    path.write_text("an older one")
    path.chmod(0o644)
    output = seed(credentials_file=path)
    assert path.stat().st_mode & 0o777 == 0o600
    login = json.loads(path.read_text())[role]
    assert login["password"] not in output
    response = client.post(
        "/accounts/login/", {"login": login["email"], "password": login["password"]}
    )
    assert response.status_code == 302
    user = User.objects.get(pk=client.session["_auth_user_id"])
    assert user.email == login["email"]
    assert user.emailaddress_set.get().verified
    assert user.is_superuser == user.is_staff == (role == "admin")


def test_logins_are_printed_where_no_file_is_named():
    output = seed()
    for user in User.objects.filter(email__endswith="@eventmate.example"):
        (password,) = re.findall(rf"{user.email} / (\S+)", output)
        assert user.check_password(password)


def test_nobody_else_can_log_in():
    seed()
    others = User.objects.exclude(email__endswith="@eventmate.example")
    assert others.count() > 100
    assert not any(user.has_usable_password() for user in others)


def test_demo_host_has_events_and_bookings_of_their_own():
    seed(events=300)
    user = User.objects.get(email="host@eventmate.example")
    events = Event.objects.filter(host__owner=user)
    assert events.published().upcoming().count() >= 5
    assert events.filter(status=EventStatus.DRAFT).exists()
    assert user.bookings.confirmed().filter(event__ends_at__gt=timezone.now()).exists()
    past = user.bookings.confirmed().filter(event__ends_at__lte=timezone.now())
    assert past.exclude(event__reviews__user=user).exists()


def test_demo_joins_events_that_are_there_already():
    EventFactory(city__name="Berlin", city__slug="berlin", category__name="Music")
    berlin = City.objects.get(name="Berlin")
    seed()
    assert City.objects.get(name="Berlin") == berlin
    assert berlin.events.count() > 1


def test_if_empty_leaves_a_database_with_events_alone(tmp_path):
    EventFactory()
    before = counts()
    output = seed(if_empty=True, credentials_file=tmp_path / "logins.json")
    assert "already" in output
    assert counts() == before
    assert not list(tmp_path.iterdir())


def test_if_empty_seeds_an_empty_database():
    seed(if_empty=True)
    assert Event.objects.exists()


def test_second_demo_is_refused():
    seed()
    before = counts()
    with pytest.raises(CommandError, match="already"):
        seed(seed=2)
    assert counts() == before


def test_failure_leaves_neither_rows_nor_logins(tmp_path):
    UserFactory(email=build(now=timezone.now()).users[-1].email)
    before = counts()
    with pytest.raises(IntegrityError):
        seed(credentials_file=tmp_path / "logins.json")
    assert counts() == before
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", ["missing/logins.json", "."])
def test_logins_that_cannot_be_written_leave_no_rows(tmp_path, path):
    with pytest.raises(CommandError, match="cannot be written"):
        seed(credentials_file=tmp_path / path)
    assert not any(counts().values())


def test_number_of_events_below_one_is_refused():
    with pytest.raises(CommandError, match="1 or more"):
        call_command("seed_demo", "--events", "0")


def test_a_single_event_is_enough():
    seed(events=1)
    assert Event.objects.upcoming().count() <= 1
    assert Event.objects.past().exists()
