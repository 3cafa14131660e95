"""A city that is not stored yet, as a host brings it."""

import pytest

from events.forms.editing.where import WhereForm
from events.importing.places import lookup
from events.importing.places.lookup import look_up
from events.models import City
from events.services.cities import store_city
from tests.events.edits import berlin, utc
from tests.factories import CityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine with more to do."""
    monkeypatch.setattr(lookup, "PATIENCE", 60.0)


def test_comes_with_its_zone_position_and_names() -> None:
    event = berlin(2026, 7, 4, 17)
    form = WhereForm({"city": "Nagoya, Japan"}, instance=event)
    assert form.is_valid(), form.errors
    assert not City.objects.filter(name="Nagoya").exists()

    form.save()

    event.refresh_from_db()
    assert (event.city.name, event.city.country_code, event.timezone) == (
        "Nagoya",
        "JP",
        "Asia/Tokyo",
    )
    assert event.starts_at == utc(2026, 7, 4, 10)
    assert event.city.latitude == pytest.approx(35.18, abs=0.1)
    assert "名古屋" in event.city.aliases


def test_is_stored_once_under_whatever_name_it_is_there() -> None:
    there = CityFactory(name="Lisboa", country="Portugal", country_code="PT", latitude=None,
                        longitude=None)  # fmt: skip
    found = look_up("Lisbon, Portugal")
    assert found is not None

    assert store_city(found=found) == there


def test_two_of_one_name_get_addresses_of_their_own() -> None:
    first, second = (look_up(f"Springfield, {state}") for state in ("IL", "MA"))
    assert first
    assert second

    cities = [store_city(found=first), store_city(found=second)]

    assert [city.region for city in cities] == ["Illinois", "Massachusetts"]
    assert len({city.slug for city in cities}) == 2
    assert store_city(found=second) == cities[1]


@pytest.mark.parametrize("text", ["Nowhere at all", "Nagoya, Nowhere", ",", "--help"])
def test_what_the_gazetteer_does_not_know_is_nothing(text: str) -> None:
    assert look_up(text) is None


def test_what_nobody_knows_is_refused() -> None:
    CityFactory(name="Köln")

    form = WhereForm({"city": "Köln, Italy"}, instance=berlin(2026, 7, 4, 17))

    assert "do not know this city" in form.errors["city"][0]


def test_who_waits_too_long_for_others_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "PATIENCE", 0.01)

    with lookup._one_at_a_time:
        form = WhereForm({"city": "Nagoya, Japan"}, instance=berlin(2026, 7, 4, 17))

        assert "Please try it once more" in form.errors["city"][0]


def test_what_takes_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "PATIENCE", 0.001)

    form = WhereForm({"city": "Nagoya, Japan"}, instance=berlin(2026, 7, 4, 17))

    assert "Please try it once more" in form.errors["city"][0]
