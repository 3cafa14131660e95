import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eventmate.pages.recording import recording
from events.models import City, Host
from events.search import facet_store, kept_names
from events.search.facet_store import build_facet_index, facet_index, forget_facet_index
from events.search.kept_names import (
    BUILDING,
    KeptNames,
    find_category,
    find_city,
    find_host,
    forget_names,
    hosts_by_id,
    names,
)
from events.shared_pages import hear
from tests.factories import (
    CategoryFactory,
    CityFactory,
    EventFactory,
    HostFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db

MOST_QUERIES = 3


def queries_of(function, *arguments):
    with CaptureQueriesContext(connection) as captured:
        function(*arguments)
    return len(captured)


def test_names_are_those_of_what_is_listed_and_the_most_listed_come_first():
    cologne = CityFactory(name="Köln", slug="koeln", aliases="Cologne, Colonia")
    EventFactory.create_batch(2, city=cologne, language="German, Plattdeutsch")
    EventFactory(city__name="Lyon", city__country="France", city__country_code="fr")
    EventFactory(city__name="Nowhere", status="draft")
    EventFactory(city__name="Over", starts_at=days_from_now(-9))

    known = names()

    assert [(city.name, city.upcoming) for city in known.cities] == [("Köln", 2), ("Lyon", 1)]
    assert [(country.code, country.upcoming) for country in known.countries] == [
        ("DE", 2),
        ("FR", 1),
    ]
    assert [(row.value, row.upcoming) for row in known.languages] == [
        ("german", 2),
        ("plattdeutsch", 2),
    ]
    assert len(known.hosts) == 3
    assert known.city("koeln") is known.city_by_id[cologne.pk]


@pytest.mark.parametrize("key", ["koln", "koeln", "cologne", "colonia"])
def test_city_is_found_by_its_names_and_spellings(key):
    EventFactory(city__name="Köln", city__aliases="Cologne, Colonia")

    assert [city.name for city in names().cities_named(key)] == ["Köln"]
    assert names().cities_named("bonn") == ()


def test_country_is_found_in_several_languages_where_listings_have_it():
    EventFactory()

    assert names().country_named("deutschland") == names().country_named("allemagne")
    assert names().country_named("deutschland").code == "DE"
    assert names().country_named("france") is None
    assert names().country_named("de") is None


def test_categories_without_events_are_known():
    CategoryFactory(name="Zoology", slug="zoology")
    EventFactory(category__name="Art", category__slug="art")

    assert [category.slug for category in names().categories] == ["art", "zoology"]


def test_names_take_as_many_queries_for_ten_events_as_for_one_and_then_none():
    EventFactory()
    for_one = queries_for_names()
    EventFactory.create_batch(9)

    assert queries_for_names() == for_one <= MOST_QUERIES
    assert queries_of(names) == 0
    assert len(names().cities) == 10


def queries_for_names():
    """In a process that has none, and knows that there are no bitmaps since the last look."""
    facet_index()
    forget_facet_index()
    forget_names()
    return queries_of(names)


def test_names_of_a_large_site_are_counted_from_its_bitmaps(monkeypatch):
    monkeypatch.setattr(facet_store, "MOST_COUNTED", 1)
    cities = CityFactory.create_batch(2)
    EventFactory.create_batch(3, city=cities[0], language="German")
    assert build_facet_index()
    EventFactory(city=cities[1])

    assert [(city.pk, city.upcoming) for city in names().cities] == [(cities[0].pk, 3)]
    assert [str(language) for language in names().languages] == ["German"]


def test_another_process_has_the_names_from_the_cache():
    EventFactory()
    names()
    other_process = KeptNames()

    assert queries_of(other_process.get) == 0
    assert len(other_process.get().cities) == 1


def test_names_are_read_anew_when_they_are_old(monkeypatch):
    EventFactory()
    assert len(names().cities) == 1
    EventFactory()
    assert len(names().cities) == 1

    monkeypatch.setattr(kept_names, "SECONDS", 0.001)
    time.sleep(0.01)

    assert len(names().cities) == 2


def test_names_that_changed_are_read_anew_at_once_and_by_whoever_asks(monkeypatch):
    EventFactory(city__name="Cologne")
    assert [city.name for city in names().cities] == ["Cologne"]
    City.objects.update(name="Köln")
    assert [city.name for city in names().cities] == ["Cologne"]
    hear({"list", "event:1"})
    assert [city.name for city in names().cities] == ["Cologne"]

    hear({"list", "names"})
    cache.add(BUILDING, 1)  # what another process reads may be from before

    assert [city.name for city in names().cities] == ["Köln"]
    assert queries_of(names) == 0
    assert tags_of_names() == {"names"}


def tags_of_names():
    with recording() as record:
        names()
    return record.tags


def test_old_names_do_while_another_process_reads_them_anew(monkeypatch):
    EventFactory()
    names()
    EventFactory()
    monkeypatch.setattr(kept_names, "SECONDS", 0.001)
    time.sleep(0.01)
    cache.add(kept_names.BUILDING, 1, 60)

    assert queries_of(names) == 0
    assert len(names().cities) == 1
    cache.delete(kept_names.BUILDING)


def test_first_names_are_read_even_if_a_process_that_began_to_is_gone():
    EventFactory()
    cache.add(kept_names.BUILDING, 1, 60)

    assert len(names().cities) == 1


def test_what_has_no_listings_is_found_in_the_database():
    names()
    city = CityFactory(slug="new-city", aliases="Nova")
    category = CategoryFactory(slug="new-category")
    host = HostFactory(slug="new-host")

    assert find_city("new-city").pk == city.pk
    assert "nova" in find_city("new-city").keys
    assert find_category("new-category").pk == category.pk
    assert find_host("new-host").pk == host.pk
    assert find_city("none") is find_category("none") is find_host("none") is None


def test_hosts_that_are_not_kept_take_one_query_together():
    EventFactory(host__slug="kept")
    kept = names().host("kept")
    others = HostFactory.create_batch(3)
    wanted = [kept.pk, *(host.pk for host in others), 0]

    assert queries_of(hosts_by_id, wanted) == 1
    assert queries_of(hosts_by_id, [kept.pk]) == 0
    assert set(hosts_by_id(wanted)) == set(Host.objects.values_list("pk", flat=True))
