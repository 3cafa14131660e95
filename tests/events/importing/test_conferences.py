"""Rows as conferences.json has them."""

import datetime as dt

import pytest

from events.models import Category, City, Event, EventStatus, Host
from tests.events.importing.conftest import conference

UTC = dt.UTC


def test_conference_becomes_a_published_event_in_its_city(imported):
    event = imported([conference()])

    assert (event.title, event.status) == ("DjangoCon Europe", EventStatus.PUBLISHED)
    assert event.uid == "https://djangocon.example.org#2026-04-15"
    assert event.slug == "djangocon-europe-2026"
    assert event.website == "https://djangocon.example.org"
    assert event.summary == "Python conference in Athens, Greece."
    assert (event.category.name, event.host.name) == ("Python", "Tech Conferences")
    assert (event.city.name, event.city.country_code) == ("Athens", "GR")
    assert event.timezone == event.city.timezone == "Europe/Athens"
    assert event.city.latitude == pytest.approx(37.98, abs=0.1)
    assert not event.is_online


def test_dates_are_whole_days_from_local_midnight_to_the_midnight_after_the_last(imported):
    event = imported([conference()])

    assert event.is_all_day
    assert event.starts_at == dt.datetime(2026, 4, 14, 21, tzinfo=UTC)
    assert event.ends_at == dt.datetime(2026, 4, 17, 21, tzinfo=UTC)
    event.refresh_from_db()
    assert (event.start_date, event.end_date) == (dt.date(2026, 4, 15), dt.date(2026, 4, 17))


def test_day_whose_midnight_the_clocks_skip_begins_at_its_first_instant(imported):
    day = "2017-10-15"
    event = imported([conference(startDate=day, endDate=day, city="São Paulo", country="Brazil")])

    assert event.starts_at == dt.datetime(2017, 10, 15, 3, tzinfo=UTC)
    assert event.ends_at == dt.datetime(2017, 10, 16, 2, tzinfo=UTC)


def test_event_without_an_end_takes_one_day(imported):
    event = imported([conference(endDate=None)])

    assert event.schedule.first_day == event.schedule.last_day == dt.date(2026, 4, 15)


def test_online_conference_needs_no_city(imported):
    event = imported([conference(city=None, country=None, online=True)])

    assert event.city is None
    assert event.is_online
    assert (event.timezone, event.slug) == ("UTC", "djangocon-europe-2026")
    assert event.summary == "Python conference, online."


def test_conference_that_is_nowhere_yet_is_taken_with_a_remark(import_file):
    row = conference(city=None, country=None, online=False)

    output = import_file([row], "--verbosity", "2")

    assert "It is not online, and its city is not known." in output
    event = Event.objects.get()
    assert (event.city, event.is_online, event.timezone) == (None, False, "UTC")
    assert event.summary == "Python conference."


def test_online_conference_is_in_the_time_zone_that_was_given(imported):
    event = imported([conference(city=None, online=True)], "--timezone", "America/Chicago")

    assert event.timezone == "America/Chicago"
    assert event.starts_at == dt.datetime(2026, 4, 15, 5, tzinfo=UTC)


def test_further_facts_stand_in_the_description(imported):
    event = imported(
        [
            conference(
                topics=["javascript", "ux", "dotnet"],
                locales="EN,DE",
                cfpUrl="https://talks.example.org/call_for_papers",
                cfpEndDate="2026-01-31",
                cocUrl="https://djangocon.example.org/conduct",
                twitter="@djangocon",
                mastodon="@djangocon@fosstodon.org",
                bluesky="djangocon.eu",
                offersSignLanguageOrCC=True,
                online=True,
            )
        ]
    )

    assert event.description == (
        "- **Topics:** JavaScript, UX, .NET\n"
        "- **Accessibility:** sign language or captions\n"
        "- **Call for papers:** [talks.example.org](<https://talks.example.org/call_for_papers>),"
        " until 31 January 2026\n"
        "- **Code of conduct:** "
        "[djangocon.example.org](<https://djangocon.example.org/conduct>)\n"
        "- **Twitter:** [@djangocon](<https://x.com/djangocon>)\n"
        "- **Mastodon:** [@djangocon@fosstodon.org](<https://fosstodon.org/@djangocon>)\n"
        "- **Bluesky:** [djangocon.eu](<https://bsky.app/profile/djangocon.eu>)"
    )
    assert event.language == "English, German"
    assert event.category.name == "JavaScript"
    assert event.summary == "JavaScript conference in Athens, Greece, and online."


@pytest.mark.parametrize(
    ("topic", "name", "slug"),
    [
        ("javascript", "JavaScript", "javascript"),
        ("ux", "UX", "ux"),
        ("dotnet", ".NET", "dotnet"),
        ("cpp", "C++", "cpp"),
        ("general", "Technology", "technology"),
        ("tech-comm", "Technical Communication", "technical-communication"),
        ("street-food", "Street food", "street-food"),
    ],
)
def test_topics_become_readable_categories(imported, topic, name, slug):
    event = imported([conference(topics=[topic])])

    assert (event.category.name, event.category.slug) == (name, slug)


def test_host_and_category_can_be_given(imported):
    event = imported([conference()], "--host", "PyLadies Berlin", "--category", "Meet & Greet")

    assert (event.host.name, event.host.slug) == ("PyLadies Berlin", "pyladies-berlin")
    assert (event.category.name, event.category.slug) == ("Meet & Greet", "meet-greet")


def test_draft_option_keeps_new_events_from_the_site(imported):
    assert imported([conference()], "--draft").status == EventStatus.DRAFT


def test_rows_share_their_city_category_and_host(import_file):
    import_file([conference(url=f"https://example.org/{number}") for number in range(5)])

    assert Event.objects.count() == 5
    assert [model.objects.count() for model in (City, Category, Host)] == [1, 1, 1]


def test_slugs_are_readable_and_differ(import_file):
    rows = [
        conference(),
        conference(url="https://b.example.org", city="Vienna", country="Austria"),
        conference(url="https://c.example.org", city="Vienna", country="Austria"),
        conference(url="https://d.example.org", name="Конференция"),
        conference(url="https://e.example.org", name="🎷🎷"),
        conference(url="https://f.example.org", name="PyCon 2026"),
    ]
    import_file(rows)

    slugs = list(Event.objects.order_by("pk").values_list("slug", flat=True))
    assert slugs[:2] == ["djangocon-europe-2026", "djangocon-europe-2026-vienna"]
    assert slugs[2].startswith("djangocon-europe-2026-vienna-")
    assert slugs[3:] == ["konferentsiia-2026", "event-2026", "pycon-2026"]


def test_address_with_spaces_is_mended(imported):
    event = imported([conference(url="https://example.org/Austin, TX")])

    assert event.website == "https://example.org/Austin,%20TX"


def test_malformed_address_is_left_out_with_a_remark(import_file):
    row = conference(url="https://a_b.example.org", cfpUrl="somewhere")

    assert "1 rows were taken with remarks" in import_file([row], "--dry-run")
    output = import_file([row], "--verbosity", "2")
    assert "line 2: “DjangoCon Europe”: website “https://a_b.example.org” is left out" in output
    assert "call for papers “somewhere” does not begin with http" in output
    assert Event.objects.get().website == ""
