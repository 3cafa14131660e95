"""Events of a large site that have changed since its bitmaps were built."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from events.models import Event, Listing, TicketType
from events.search import changed
from events.search.changed import LastRead
from events.search.finding import Search
from tests.events.search.conftest import NUMBER
from tests.events.search.made import moment, searches
from tests.factories import CityFactory, days_from_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed_events(large_site):
    """In each of them, something that a search asks for."""
    chance = random.Random(2)
    city = CityFactory(name="Dresden", latitude=52.45, longitude=13.4)
    for event in Event.objects.order_by("pk")[: NUMBER // 2]:
        match chance.randrange(5):
            case 0:
                event.is_online, event.city = not event.is_online, city
            case 1:
                event.starts_at = days_from_now(chance.randrange(3, 40), chance.randrange(24))
                event.ends_at = event.starts_at + timezone.timedelta(hours=chance.choice([2, 200]))
            case 2:
                event.is_step_free, event.language = not event.is_step_free, "German"
            case 3:
                event.starts_at = days_from_now(-2)
                event.ends_at = days_from_now(-1)
            case 4:
                price = chance.choice([Decimal(0), Decimal(60)])
                event.ticket_types.update(price=price, sales_start=days_from_now(5))
                event.title = f"Jazz night {event.pk}"
        event.save()


@pytest.mark.parametrize("most_read", [0, changed.MOST_READ])
@pytest.mark.parametrize("name", searches())
def test_changed_events_match_as_postgresql_says(name, most_read, changed_events, monkeypatch):
    monkeypatch.setattr(changed, "MOST_READ", most_read)
    criteria, now = searches()[name], moment()
    search = Search(criteria, now)

    assert (now.kept.read is None) == (most_read == 0)
    assert len(now.kept.changed) > 10
    assert search.known == Listing.objects.matching(criteria, at=now.at).bitmap()


@pytest.mark.parametrize("name", ["everything", "available"])
def test_changed_events_end_and_cease_to_be_on_sale_as_time_goes_by(name, changed_events):
    TicketType.objects.update(sales_end=days_from_now(8))
    criteria, now = searches()[name], replace(moment(), at=days_from_now(10))
    matching = Listing.objects.matching(criteria, at=now.at).bitmap()
    search = Search(criteria, now)

    assert now.kept.read
    assert search.known & now.kept.changed == matching & now.kept.changed
    on_time = Search(criteria, moment()).known
    assert on_time & now.kept.changed > search.known & now.kept.changed


def test_changed_events_are_read_once_until_one_changes(changed_events, django_assert_num_queries):
    last_read, versions = LastRead(), dict(Listing.objects.values_list("pk", "changed_at")[:9])
    with django_assert_num_queries(1):
        first = last_read.of(versions)
        assert first is not None
        assert last_read.of(dict(versions)) is first
    assert {listing.event_id for listing in first} == versions.keys()

    event = Event.objects.get(pk=first[0].event_id)
    event.is_online = not event.is_online
    event.save()
    versions = dict(Listing.objects.filter(pk__in=versions).values_list("pk", "changed_at"))
    again = last_read.of(versions)
    assert again is not None
    tags = {listing.event_id: listing.tags for listing in again}
    assert tags[event.pk] != first[0].tags


def test_search_of_choices_asks_nothing_more_where_nothing_has_changed_since_the_last(
    changed_events, django_assert_num_queries
):
    criteria = searches()["evening, online"]
    expected = Search(criteria, moment()).known

    now = moment()
    assert now.kept
    with django_assert_num_queries(0):
        assert Search(criteria, now).known == expected
