"""Other events, on the page of one."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import CategoryFactory, EventFactory, EventSeriesFactory, days_from_now

pytestmark = pytest.mark.django_db


def test_similar_events_are_of_its_category_and_its_city_comes_first(client):
    event = EventFactory()
    far = EventFactory(category=event.category, starts_at=days_from_now(2))
    near = EventFactory(category=event.category, city=event.city, starts_at=days_from_now(9))
    EventFactory(city=event.city)

    response = client.get(event.get_absolute_url())

    assert list(response.context["similar"]) == [near, far]


def test_similar_events_of_a_city_are_asked_for_by_what_an_index_has(client):
    with CaptureQueriesContext(connection) as captured:
        client.get(EventFactory().get_absolute_url())
    (asked,) = (query["sql"] for query in captured if " UNION ALL " in query["sql"])

    # By category and city alone, PostgreSQL walks all that is ahead.
    assert '"events_listing"."tags" @> ' in asked


def test_similar_events_of_one_without_a_city_are_first_those_without_one(client):
    event = EventFactory(city=None, is_online=True)
    soon = EventFactory(category=event.category, starts_at=days_from_now(2))
    online = EventFactory(category=event.category, city=None, starts_at=days_from_now(9))

    response = client.get(event.get_absolute_url())

    assert list(response.context["similar"]) == [online, soon]


def test_other_dates_of_a_series_are_not_similar(client):
    series = EventSeriesFactory()
    shared = {"series": series, "host": series.host, "category": CategoryFactory()}
    event = EventFactory(series_day=series.first_day, **shared)
    other = EventFactory(series_day=series.first_day + dt.timedelta(days=7), **shared)
    similar = EventFactory(category=event.category)

    response = client.get(event.get_absolute_url())

    assert list(response.context["dates"]) == [other]
    assert list(response.context["similar"]) == [similar]
