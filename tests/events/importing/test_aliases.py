import importlib

import pytest
from django.apps import apps

from events.importing.places.aliases import aliases_of
from events.models import City
from events.search.words import fold
from tests.events.importing.conftest import conference
from tests.factories import CityFactory


def keys_of(name, country_code):
    return {fold(alias) for alias in aliases_of(name, country_code).split(", ")}


@pytest.mark.parametrize(
    ("name", "country_code", "others"),
    [
        ("Cologne", "DE", "Köln, Colonia, Keulen, Кельн, 科隆"),
        ("Köln", "DE", "Cologne, Koeln"),
        ("Vienna", "AT", "Wien, Viena, Вена"),
        ("Moscow", "RU", "Москва, Moskau, Moskva, Mosca"),
        ("Prague", "CZ", "Praha, Прага, プラハ"),
        ("Tokyo", "JP", "東京, Tokio, Токио"),
        ("Seoul", "KR", "서울"),
        ("Milan", "IT", "Mailand, Milano"),
        ("New York", "US", "NYC, Nueva York"),
        ("The Hague", "NL", "Den Haag"),
    ],
)
def test_a_city_is_known_by_its_names_in_other_languages(name, country_code, others):
    assert {fold(other) for other in others.split(", ")} <= keys_of(name, country_code)


def test_codes_and_what_means_something_else_are_no_names():
    assert "cgn" not in keys_of("Cologne", "DE")
    assert not {"big apple", "new amsterdam"} & keys_of("New York", "US")
    assert not any(key.startswith("lungsod") for key in keys_of("Munich", "DE"))
    assert all(len(key) > 3 or not key.isascii() for key in keys_of("Kyiv", "UA"))


def test_there_are_few_enough_names_for_every_listing_to_carry_them():
    for name, country_code in (("Saint Petersburg", "RU"), ("London", "GB"), ("Cairo", "EG")):
        assert len(aliases_of(name, country_code).split(", ")) <= 70


def test_a_city_that_is_on_no_map_has_no_other_names():
    assert aliases_of("Nowhere in Particular", "DE") == ""


@pytest.mark.django_db
def test_a_city_that_an_import_makes_has_them(import_file):
    import_file([conference(city="Vienna", country="Austria")])

    assert "Wien" in City.objects.get().aliases.split(", ")


@pytest.mark.django_db
def test_migrating_gives_them_to_cities_that_have_none():
    CityFactory(name="Vienna", country_code="AT", latitude=48.2, longitude=16.37)
    CityFactory(name="Prague", country_code="CZ", aliases="Our Praha")
    CityFactory(name="Nowhere in Particular")

    migration = importlib.import_module("events.migrations.0004_city_aliases")
    migration.name_cities(apps, None)

    aliases = dict(City.objects.values_list("name", "aliases"))
    assert "Wien" in aliases["Vienna"]
    assert aliases["Prague"] == "Our Praha"
    assert aliases["Nowhere in Particular"] == ""
