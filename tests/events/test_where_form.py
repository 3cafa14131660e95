"""Where an event takes place, as its host types it, and what becomes of its times."""

import pytest

from events.forms.editing.where import WhereForm
from events.models import Event, EventStatus
from tests.events.edits import berlin, utc
from tests.factories import CityFactory, EventFactory

pytestmark = pytest.mark.django_db


def filled(event: Event, **fields: str) -> WhereForm:
    return WhereForm({"venue": "Hall", "address": "High Street 1"} | fields, instance=event)


def saved(event: Event, **fields: str) -> Event:
    form = filled(event, **fields)
    assert form.is_valid(), form.errors
    form.save()
    return Event.objects.get(pk=event.pk)


def test_the_clock_shows_the_same_in_another_city() -> None:
    CityFactory(name="Osaka", country="Japan", country_code="JP", timezone="Asia/Tokyo")

    event = saved(berlin(2026, 7, 4, 17), city="osaka")

    assert (event.city.name, event.timezone) == ("Osaka", "Asia/Tokyo")
    assert (event.starts_at, event.ends_at) == (utc(2026, 7, 4, 10), utc(2026, 7, 4, 11))


def test_the_same_city_leaves_a_zone_that_is_not_its_own() -> None:
    event = berlin(2026, 7, 4, 17, city=CityFactory(name="Oslo", timezone="Europe/Oslo"))

    event = saved(event, city="Oslo, Germany", venue="Another hall")

    assert (event.timezone, event.venue) == ("Europe/Berlin", "Another hall")
    assert event.starts_at == utc(2026, 7, 4, 17)


def test_a_draft_without_a_date_takes_the_zone_alone() -> None:
    CityFactory(name="Osaka", timezone="Asia/Tokyo")
    draft = EventFactory(
        status=EventStatus.DRAFT, is_scheduled=False, city=None, timezone="UTC", is_online=False
    )

    event = saved(draft, city="Osaka")

    assert (event.timezone, event.is_scheduled) == ("Asia/Tokyo", False)


def test_a_time_that_the_new_city_does_not_have_is_told_at_the_city() -> None:
    CityFactory(name="Chicago", timezone="America/Chicago")
    event = berlin(2026, 3, 8, 1, 30)  # 02:30, which Chicago leaves out that day

    form = filled(event, city="Chicago")

    assert "02:30 does not exist on 8 March 2026 in America/Chicago" in form.errors["city"][0]
    assert "Change the times first." in form.errors["city"][0]


def test_a_time_that_comes_twice_in_the_new_city_is_asked_about() -> None:
    CityFactory(name="Chicago", timezone="America/Chicago")
    event = berlin(2026, 11, 1, 0, 30)  # 01:30

    form = filled(event, city="Chicago")
    assert "comes twice" in form.errors["starts_occurrence"][0]
    assert not form["starts_occurrence"].is_hidden

    event.refresh_from_db()
    assert saved(event, city="Chicago", starts_occurrence="1").starts_at == utc(2026, 11, 1, 7, 30)


def test_online_only_needs_a_zone() -> None:
    event = berlin(2026, 7, 4, 17)

    assert "timezone" in filled(event, city="", is_online="on").errors
    event.refresh_from_db()
    event = saved(event, city="", is_online="on", timezone="Asia/Tokyo")

    assert (event.city, event.timezone) == (None, "Asia/Tokyo")
    assert event.starts_at == utc(2026, 7, 4, 10)


def test_neither_city_nor_online_is_refused() -> None:
    assert "Give a city" in filled(berlin(2026, 7, 4, 17), city="").errors["city"][0]


def test_a_position_on_the_map_goes_with_the_address() -> None:
    event = berlin(2026, 7, 4, 17, latitude=52.5, longitude=13.4)
    same = {"city": event.city.name, "venue": event.venue, "address": event.address}

    assert saved(event, **same).latitude == 52.5
    assert saved(event, **same | {"address": "Elsewhere 2"}).latitude is None


@pytest.mark.parametrize("typed", ["Köln", "köln", "Cologne", "Colonia, DE", "Köln, Germany"])
def test_a_city_is_found_by_any_of_its_names(typed: str) -> None:
    city = CityFactory(name="Köln", aliases="Cologne, Colonia")

    assert saved(berlin(2026, 7, 4, 17), city=typed).city == city


def test_of_several_cities_one_has_to_be_named_in_full() -> None:
    oregon = CityFactory(name="Portland", region="Oregon", country="United States")
    CityFactory(name="Portland", region="Maine", country="United States")

    [message] = filled(berlin(2026, 7, 4, 17), city="Portland").errors["city"]
    event = saved(berlin(2026, 7, 4, 17), city="Portland, Oregon, United States")

    assert "Portland, Maine, United States" in message
    assert event.city == oregon
