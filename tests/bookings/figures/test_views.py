"""Views of event pages on their way from the memory of a process to the days."""

import datetime as dt

import pytest
from django.db import OperationalError, connection

from bookings.models import DailyVisits
from bookings.services.figures import write_views
from events.page_views import give_back_counts, take_counts
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = dt.date(2026, 6, 1), dt.date(2026, 6, 2)


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    take_counts()


def kept() -> dict[tuple[int, dt.date], int]:
    return {(row.event_id, row.day): row.views for row in DailyVisits.objects.all()}


def test_views_of_many_events_are_added_in_one_statement(django_assert_num_queries) -> None:
    first, second = EventFactory(), EventFactory()
    for number in (2, 3):
        give_back_counts(
            {(first.pk, MONDAY): number, (first.pk, TUESDAY): 1, (second.pk, MONDAY): 7}
        )
        with django_assert_num_queries(1):
            write_views()

    assert kept() == {(first.pk, MONDAY): 5, (first.pk, TUESDAY): 2, (second.pk, MONDAY): 14}
    with django_assert_num_queries(0):
        write_views()


def test_views_of_an_event_that_was_deleted_meanwhile_do_not_keep_the_others() -> None:
    event = EventFactory()
    give_back_counts({(event.pk, MONDAY): 1, (event.pk + 1000, MONDAY): 1})

    write_views()

    assert kept() == {(event.pk, MONDAY): 1}


def test_they_wait_while_the_database_does_not_answer(caplog: pytest.LogCaptureFixture) -> None:
    event = EventFactory()
    give_back_counts({(event.pk, MONDAY): 4})

    def down(*_args: object) -> None:
        raise OperationalError("the server has gone")

    with connection.execute_wrapper(down):
        write_views()
    assert "kept for later: the server has gone" in caplog.text
    give_back_counts({(event.pk, MONDAY): 1})
    write_views()

    assert kept() == {(event.pk, MONDAY): 5}
