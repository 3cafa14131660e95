"""What the command does that seeds the demo; test_demo_rows.py has what it leaves."""

import datetime as dt
import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from bookings.demo.builder import build_demo
from bookings.demo.logins import Login, make_admin, make_host
from bookings.models import Booking, Ticket
from events.localtime import to_instant
from events.models import (
    Category,
    City,
    Event,
    Favorite,
    Host,
    Review,
    TicketType,
)
from tests.factories import EventFactory, UserFactory

pytestmark = pytest.mark.django_db

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
