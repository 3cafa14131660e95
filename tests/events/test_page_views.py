"""How often an event's page is opened, counted in the memory of a process."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from events.models import Event, EventStatus
from events.page_views import give_back_counts, take_counts
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    take_counts()


@pytest.fixture
def event() -> Event:
    return EventFactory()


def views(event: Event) -> int:
    return sum(number for (pk, _), number in take_counts().items() if pk == event.pk)


def look(event: Event, agent: str = BROWSER, **headers: Any) -> int:
    response = Client().get(event.get_absolute_url(), headers={"User-Agent": agent, **headers})
    return response.status_code


def test_each_time_that_a_browser_opens_the_page_counts(event: Event) -> None:
    assert [look(event), look(event), look(EventFactory())] == [200, 200, 200]

    assert views(event) == 2
    assert views(event) == 0


def test_it_counts_for_the_day_at_the_place(event: Event) -> None:
    Event.objects.update(timezone="Pacific/Kiritimati")
    look(event)

    [(_, day)] = take_counts()

    assert day == (dt.datetime.now(dt.UTC) + dt.timedelta(hours=14)).date()


@pytest.mark.parametrize(
    "agent", ["", "Googlebot/2.1", "curl/8.1", "Mozilla/5.0 (compatible; AhrefsBot/7.0)"]
)
def test_robots_that_say_so_do_not_count(event: Event, agent: str) -> None:
    assert look(event, agent) == 200

    assert views(event) == 0


def test_what_a_browser_loads_ahead_does_not_count(event: Event) -> None:
    assert look(event, **{"Sec-Purpose": "prefetch;prerender"}) == 200

    assert views(event) == 0


def test_a_draft_is_not_counted_and_neither_is_what_is_not_there(event: Event) -> None:
    Event.objects.update(status=EventStatus.DRAFT)
    client = Client(headers={"User-Agent": BROWSER})
    assert client.get(event.get_absolute_url()).status_code == 404
    client.force_login(event.host.owner)
    assert client.get(event.get_absolute_url()).status_code == 200

    assert views(event) == 0


def test_counting_writes_nothing(event: Event, django_assert_num_queries: Any) -> None:
    client = Client()
    with django_assert_num_queries(0):
        give_back_counts({(event.pk, dt.date(2026, 6, 1)): 3})
    client.get(event.get_absolute_url())

    assert take_counts() == {(event.pk, dt.date(2026, 6, 1)): 3}
