import datetime as dt
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from events.days import When, days_of
from events.forms.filters import EventFilterForm
from tests.factories import EventFactory, TicketTypeFactory, days_from_now

pytestmark = pytest.mark.django_db


def titles(client, **query):
    response = client.get("/events/", query)
    assert response.status_code == 200
    return [event.title for event in response.context["page"].events]


@pytest.fixture
def jazz():
    """What the filters are tried on; the others are there to be left out."""
    ticket_type = TicketTypeFactory(
        event__title="Late Night Jazz",
        event__category__name="Music",
        event__category__slug="music",
        event__city__name="Berlin",
        event__city__slug="berlin",
        event__venue="Blue Room",
        event__starts_at=days_from_now(5),
        price=12,
        taken=4,
    )
    TicketTypeFactory(
        event__title="Python Evening",
        event__summary="Talks on types.",
        event__description="",
        event__category__name="Tech",
        event__category__slug="tech",
        event__city__name="Lisbon",
        event__city__slug="lisbon",
        event__city__country="Portugal",
        event__city__country_code="PT",
        event__host__name="Open Source Evenings",
        event__venue="Town Hall",
        event__address="",
        event__starts_at=days_from_now(9),
        price=40,
        taken=7,
    )
    return ticket_type.event


@pytest.mark.parametrize(
    "query",
    [
        {"q": "jazz"},
        {"q": "JAZ"},
        {"q": "night berlin"},
        {"q": "music"},
        {"location": "berlin"},
        {"location": "germany"},
        {"location": "blue ro"},
        {"city": "berlin"},
        {"category": "music"},
        {"when": "week"},
        {"max_price": "12"},
        {"min_price": "5", "max_price": "20"},
        {"city": "berlin", "category": "music", "q": "jazz"},
    ],
)
def test_filter_finds_what_it_asks_for_and_nothing_else(client, jazz, query):
    assert titles(client, **query) == [jazz.title]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "  "},
        {"q": "!?"},
        {"when": "", "city": ""},
        {"when": "month"},
        {"x": "y"},
        {"access": ""},
    ],
)
def test_filter_that_asks_for_nothing_leaves_nothing_out(client, jazz, query):
    assert len(titles(client, **query)) == 2


@pytest.mark.parametrize(
    "query", [{"q": "polka"}, {"city": "berlin", "category": "tech"}, {"min_price": "41"}]
)
def test_filter_that_nothing_matches_gives_a_friendly_page(client, jazz, query):
    response = client.get("/events/", query)

    assert response.status_code == 200
    assert "Nothing matches, yet" in response.content.decode()


def test_dates_are_by_the_calendar_of_the_place(client):
    evening_in_new_york = days_from_now(5, hour=22, zone="America/New_York")  # tomorrow by UTC
    EventFactory(timezone="America/New_York", starts_at=evening_in_new_york, title="Late show")
    day = evening_in_new_york.date()
    after = day + dt.timedelta(days=2)

    assert titles(client, date=day) == ["Late show"]
    assert titles(client, date_from=day, date_to=day) == ["Late show"]
    assert titles(client, date_to=day - dt.timedelta(days=1)) == []
    assert titles(client, date_from=after) == []


def test_event_of_several_days_is_on_each_of_them(client):
    start = days_from_now(5, hour=0)
    EventFactory(starts_at=start, ends_at=start + dt.timedelta(days=3), is_all_day=True)
    days = [start.date() + dt.timedelta(days=number) for number in range(-1, 4)]

    assert [len(titles(client, date=day)) for day in days] == [0, 1, 1, 1, 0]


@pytest.mark.parametrize("when", When.values)
def test_when_finds_an_event_on_its_last_day_and_none_after(client, when):
    _, last = days_of(When(when), timezone.localdate())
    end_of = {
        title: dt.datetime.combine(day, dt.time(23, 59, 59), dt.UTC)
        for title, day in (("within", last), ("after", last + dt.timedelta(days=1)))
    }
    for title, end in end_of.items():
        start = end - dt.timedelta(seconds=1)
        EventFactory(title=title, timezone="UTC", starts_at=start, ends_at=end)

    assert titles(client, when=when) == ["within"]


@pytest.mark.parametrize(
    ("today", "first"),
    [("2026-12-02", "2026-12-05"), ("2026-12-05", "2026-12-05"), ("2026-12-06", "2026-12-05")],
)
def test_weekend_is_the_coming_or_the_running_one(today, first):
    saturday, sunday = days_of(When.WEEKEND, dt.date.fromisoformat(today))

    assert (saturday.isoformat(), (sunday - saturday).days) == (first, 1)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["Late Night Jazz", "Python Evening", "Without tickets"]),
        ("soon", ["Late Night Jazz", "Python Evening", "Without tickets"]),
        ("newest", ["Without tickets", "Python Evening", "Late Night Jazz"]),
        ("price", ["Late Night Jazz", "Python Evening", "Without tickets"]),
        ("-price", ["Python Evening", "Late Night Jazz", "Without tickets"]),
        ("popular", ["Python Evening", "Late Night Jazz", "Without tickets"]),
        ("relevance", ["Late Night Jazz", "Python Evening", "Without tickets"]),
    ],
)
def test_sort_orders_the_list(client, jazz, sort, order):
    EventFactory(title="Without tickets", starts_at=days_from_now(20))

    assert titles(client, sort=sort) == order


def test_search_shows_the_best_match_first_unless_asked_otherwise(client):
    EventFactory(title="Evening", description="Some jazz, later.", starts_at=days_from_now(3))
    EventFactory(title="Jazz jazz jazz", starts_at=days_from_now(9), description="Jazz.")

    assert titles(client, q="jazz") == ["Jazz jazz jazz", "Evening"]
    assert titles(client, q="jazz", sort="soon") == ["Evening", "Jazz jazz jazz"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", "tomorrow"),
        ("date_from", "2026-02-30"),
        ("date_to", "99999-01-01"),
        ("min_price", "-1"),
        ("max_price", "cheap"),
        ("max_price", "1e400"),
        ("max_price", "NaN"),
        ("min_price", "9" * 400),
        ("city", "atlantis"),
        ("category", "atlantis"),
        ("category", "a\x7fb"),
        ("when", "yesterday"),
        ("sort", "random"),
        ("q", "a" * 101),
    ],
)
def test_value_that_makes_no_sense_is_refused_next_to_its_field(client, jazz, name, value):
    response = client.get("/events/", {name: value, "location": "Berlin"})
    html = response.content.decode()

    assert response.status_code == 400
    assert list(response.context["form"].errors) == [name]
    assert f'id="id_{name}_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="Berlin"' in html


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"date_from": "2026-12-02", "date_to": "2026-12-01"}, "date_to"),
        ({"min_price": "20", "max_price": "10"}, "max_price"),
    ],
)
def test_range_that_ends_before_it_begins_is_refused(client, query, field):
    first, last = query.values()

    assert list(client.get("/events/", query).context["form"].errors) == [field]
    swapped = dict(zip(query, (last, first), strict=True))
    assert client.get("/events/", swapped).status_code == 200


def test_each_filter_in_use_can_be_removed_and_the_others_stay(client, jazz):
    response = client.get("/events/?q=jazz&city=berlin&max_price=20&date_from=2026-01-31")

    active = {chip.label: parse_qs(chip.url.lstrip("?")) for chip in response.context["chips"]}

    filters = {
        "“jazz”": {"q": ["jazz"]},
        "Berlin": {"city": ["berlin"]},
        "Price up to 20": {"max_price": ["20"]},
        "From Sat 31 Jan 2026": {"date_from": ["2026-01-31"]},
    }
    assert active == {
        label: {
            name: value
            for other, parameters in filters.items()
            if other != label
            for name, value in parameters.items()
        }
        for label in filters
    }


def test_city_without_upcoming_events_can_be_asked_for(client, jazz):
    over = EventFactory(starts_at=days_from_now(-3), city__slug="porto", city__name="Porto")

    assert titles(client, city=over.city.slug) == []


def test_category_that_is_newer_than_the_cached_choices_can_be_asked_for(client, jazz):
    titles(client)
    EventFactory(category__slug="brand-new", title="First of its kind")

    assert titles(client, category="brand-new") == ["First of its kind"]


@pytest.mark.parametrize("wrong", ["-1", "much"])
def test_empty_field_is_rendered_once_and_others_as_they_are(wrong):
    def field(query):
        return EventFilterForm.of_address(query)["min_price"].as_field_group()

    empty, filled, refused = field("q=jazz"), field("min_price=5"), field(f"min_price={wrong}")

    assert field("city=berlin&min_price=") is field("") is empty
    assert 'value="5"' in filled
    assert 'value="' not in empty
    assert f'value="{wrong}"' in refused
    assert 'aria-invalid="true"' in refused
    assert "aria-invalid" not in empty + filled
