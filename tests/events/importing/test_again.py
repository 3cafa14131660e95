"""Importing a file again."""

from typing import Any

import pytest

from events.models import Category, City, Event, EventStatus, Host
from tests.events.importing.conftest import calendar, conference
from tests.factories import CategoryFactory, CityFactory, HostFactory, UserFactory


def all_rows() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Event, City, Category, Host)]


def test_second_run_changes_nothing_and_says_so(import_file):
    rows = [conference(url=f"https://example.org/{number}") for number in range(3)]
    import_file(rows)
    before = all_rows()

    output = import_file(rows)

    assert "0 created, 0 updated, 3 unchanged, 0 refused" in output
    assert "Nothing changed." in output
    assert all_rows() == before


def test_changed_row_updates_its_event_and_no_other(import_file):
    rows = [conference(url=f"https://example.org/{number}") for number in range(3)]
    import_file(rows)
    before = {event["uid"]: event for event in Event.objects.values()}
    rows[1] |= {"name": "DjangoCon Africa", "city": "Vienna", "country": "Austria"}

    output = import_file(rows)

    assert "0 created, 1 updated, 2 unchanged" in output
    assert "Nothing changed." not in output
    changed = Event.objects.get(title="DjangoCon Africa")
    assert changed.city.name == "Vienna"
    assert changed.updated_at > before[changed.uid]["updated_at"]
    assert changed.pk == before[changed.uid]["id"]
    assert changed.slug == before[changed.uid]["slug"]
    assert changed.created_at == before[changed.uid]["created_at"]
    others = Event.objects.exclude(pk=changed.pk).values()
    assert [before[event["uid"]] for event in others] == list(others)


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.CANCELLED])
def test_what_was_withdrawn_on_the_site_is_not_published_again(import_file, status):
    import_file([conference()])
    Event.objects.update(status=status)

    assert "1 unchanged" in import_file([conference()])
    assert Event.objects.get().status == status


def test_event_that_its_source_cancels_is_cancelled(import_file):
    import_file(calendar(""))

    assert "1 updated" in import_file(calendar("STATUS:CANCELLED"))
    assert Event.objects.get().status == EventStatus.CANCELLED


def test_dry_run_reports_the_same_and_writes_nothing(import_file):
    rows = [conference(), conference(url="https://example.org", name=None)]
    planned = import_file(rows, "--dry-run")
    assert all_rows() == [[], [], [], []]

    done = import_file(rows)

    assert planned.replace("A dry run: nothing was written.\n", "") == done
    assert "1 created, 0 updated, 0 unchanged, 1 refused" in done


def test_cities_categories_and_hosts_of_the_site_are_used(import_file):
    city = CityFactory(name="Zurich", slug="zh", country_code="CH", latitude=47.37, longitude=8.54)
    category = CategoryFactory(name="JavaScript", slug="js")
    host = HostFactory(name="Tech Conferences", slug="tech-conferences")

    import_file([conference(city="Zürich", country="Switzerland", topics=["javascript"])])

    event = Event.objects.get()
    assert (event.city, event.category, event.host) == (city, category, host)


def test_namesake_in_another_state_is_another_city(import_file):
    rows = [
        conference(url="https://a.example.org", city="Portland, OR", country="U.S.A."),
        conference(url="https://b.example.org", city="Portland, ME", country="U.S.A."),
    ]
    import_file(rows)
    import_file(rows)

    cities = City.objects.order_by("slug").values_list("name", "region", "slug")
    assert list(cities) == [
        ("Portland", "Oregon", "portland"),
        ("Portland", "Maine", "portland-maine"),
    ]


def test_other_spellings_are_the_same_city(import_file):
    names = ["Cologne", "Köln", "koeln"]
    import_file(
        [
            conference(url=f"https://example.org/{name}", city=name, country="Germany")
            for name in names
        ]
    )

    assert Event.objects.count() == 3
    assert City.objects.get().name == "Cologne"


def test_new_hosts_belong_to_an_account_that_nobody_can_log_in_to(import_file):
    import_file([conference()])

    owner = Host.objects.get().owner
    assert not owner.has_usable_password()
    assert not owner.is_staff


def test_new_hosts_belong_to_the_owner_that_was_given(import_file):
    owner = UserFactory(email="ada@example.com")

    import_file([conference()], "--owner", "ADA@example.com")

    assert Host.objects.get().owner == owner


def test_queries_do_not_grow_with_the_rows(import_file, django_assert_max_num_queries):
    rows = [conference(url=f"https://example.org/{number}") for number in range(200)]
    import_file(rows[:1])

    # the owner, categories, cities; the import's tables and lines; hosts, known events, used slugs;
    # a savepoint, a table emptied, the rows, their copy, its end; eighteen for what searches keep
    for new_rows in (rows[1:2], rows[2:]):
        with django_assert_max_num_queries(31):
            import_file(new_rows)
    with django_assert_max_num_queries(25):
        import_file(rows)
