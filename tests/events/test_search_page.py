"""What the page of a search says and carries besides the events; tests/e2e has how it behaves."""

import re
from html import unescape
from urllib.parse import parse_qs

import pytest

from events.forms.choices import facets_of
from events.forms.filters import EventFilterForm
from events.search.facets import Counts
from events.templatetags.search import counted, kilometres
from tests.factories import CategoryFactory, CityFactory, EventFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<link rel="canonical" href="[^"]*?(/events/[^"]*)"')
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@pytest.fixture(autouse=True)
def jazz():
    berlin = CityFactory(slug="berlin", name="Berlin")
    music = CategoryFactory(slug="music", name="Music")
    return TicketTypeFactory(
        event=EventFactory(title="Late Night Jazz", city=berlin, category=music)
    ).event


def html_of(client, query):
    return client.get(f"/events/?{query}").content.decode()


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", "/events/"),
        ("q=jazz", "/events/?q=jazz"),
        ("sort=soon&view=calendar&city=berlin", "/events/?city=berlin"),
        ("when=month&category=music&max_price=9", "/events/?category=music&when=month"),
        ("category=music&city=berlin", "/events/?city=berlin&category=music"),
        ("q=%20&near=52.52,13.40&stray=1", "/events/"),
    ],
)
def test_canonical_address_keeps_what_makes_a_page_of_its_own(client, query, canonical):
    found = LINK.findall(html_of(client, query))

    assert list(map(unescape, found)) == [canonical]


@pytest.mark.parametrize(
    ("query", "is_indexed"),
    [
        ("", True),
        ("city=berlin&q=jazz", True),
        ("city=berlin&q=jazz&sort=soon", True),
        ("city=berlin&q=jazz&when=month", False),
        ("city=berlin&category=music&attend=in-person", False),
        ("before=2026-01-01T00:00:00Z_1", False),
        ("near=me", False),
    ],
)
def test_search_engines_keep_no_endless_combinations(client, query, is_indexed):
    assert ('name="robots" content="noindex' not in html_of(client, query)) == is_indexed


def test_form_carries_what_it_has_no_field_for(client):
    state = {
        "city": ["berlin"],
        "category": ["music"],
        "when": ["month"],
        "attend": ["in-person"],
        "access": ["companion", "step-free"],
        "available": ["1"],
        "near": ["52.52,13.40"],
        "view": ["calendar"],
        "month": ["2026-12"],
    }
    fields = {"q": "jazz", "location": "berlin", "date_from": "2026-01-01", "radius": "50"}

    response = client.get("/events/", state | fields | {"after": "", "said": "free jazz"})

    carried: dict[str, list[str]] = {}
    for name, value in FIELD.findall(response.content.decode()):
        if name not in ("query", "csrfmiddlewaretoken"):
            carried.setdefault(name, []).append(unescape(value))
    assert {name: sorted(values) for name, values in carried.items()} == state
    for value in ("jazz", "berlin", "2026-01-01"):
        assert f'value="{value}"' in response.content.decode()
    assert '<option value="50" selected>50 km</option>' in response.content.decode()


def test_choice_has_its_count_and_is_a_link_that_takes_it_or_leaves_it(client):
    response = client.get("/events/?category=music&q=jazz&after=")
    (category,) = [facet for facet in response.context["facets"] if facet.name == "category"]
    (choice,) = category.choices

    assert (choice.label, choice.count, choice.is_chosen) == ("Music", 1, True)
    assert parse_qs(choice.url.removeprefix("?")) == {"q": ["jazz"]}
    html = response.content.decode()
    assert 'data-key="category=music" aria-current="true"' in html
    assert 'data-key="city=berlin"' in html


@pytest.mark.parametrize(
    ("query", "name", "value", "taken"),
    [
        ("", "when", "week", "?when=week"),
        (
            "when=today&date=2026-01-01&date_to=2026-01-02&q=jazz&after=",
            "when",
            "week",
            "?q=jazz&when=week",
        ),
        (
            "q=caf%C3%A9+%26+%22b%22&min_price=5",
            "max_price",
            "25",
            "?q=caf%C3%A9+%26+%22b%22&max_price=25",
        ),
        ("", "access", "step-free", "?access=step-free"),
        (
            "access=hearing-loop&said=x",
            "access",
            "step-free",
            "?access=hearing-loop&access=step-free",
        ),
    ],
)
def test_choice_takes_the_place_of_what_it_replaces(query, name, value, taken):
    form = EventFilterForm.of_address(query)
    assert form.is_valid()

    facets = {facet.name: facet for facet in facets_of(form, Counts({}, ()))}

    (choice,) = [choice for choice in facets[name].choices if choice.value == value]
    assert choice.url == taken


def test_chosen_one_of_several_leaves_the_others(client):
    query = "q=jazz&access=step-free&access=hearing-loop"
    html = unescape(html_of(client, query))

    assert 'href="?q=jazz&access=hearing-loop" data-key="access=step-free" aria-current' in html
    assert 'href="?q=jazz&access=step-free" data-key="access=hearing-loop" aria-current' in html


def test_choices_show_names_as_text(client):
    name = """<b>Rock</b> & "Roll" {0} %s"""
    TicketTypeFactory(event__category__name=name)

    html = html_of(client, "")

    assert "<span>&lt;b&gt;Rock&lt;/b&gt; &amp; &quot;Roll&quot; {0} %s</span>" in html
    assert "<b>Rock" not in html


def test_choices_have_what_is_new_at_once(client):
    html_of(client, "")
    TicketTypeFactory(event__city__name="Newville", event__category__name="Novelties")

    facets = client.get("/events/").context["facets"]

    offered = {choice.label for facet in facets for choice in facet.choices}
    assert offered >= {"Newville", "Novelties"}


def test_phrase_that_was_read_as_filters_can_be_undone(client):
    response = client.get("/events/?q=free+late+night+jazz+in+berlin", follow=True)
    html = response.content.decode()

    assert "We read “free late night jazz in berlin” as the filters above" in html
    (undone,) = re.findall(r'href="([^"]*)">Search for exactly these words', html)
    query = parse_qs(unescape(undone).partition("?")[2])
    assert query == {"q": ["free late night jazz in berlin"], "exact": ["1"]}


def test_search_in_a_city_can_go_beyond_it(client):
    html = unescape(html_of(client, "city=berlin&category=music"))

    assert 'href="?category=music&near=berlin">Also around Berlin' in html
    assert "Also around" not in html_of(client, "near=berlin")


def test_distance_is_on_the_cards_whatever_the_order(client):
    EventFactory(title="Far", latitude=52.6, longitude=13.405)

    for sort in ("", "&sort=soon", "&sort=price", "&q=night"):
        html = html_of(client, f"near=52.52,13.405&radius=50{sort}")
        assert "less than 1 km away" in html
    assert html_of(client, "near=52.52,13.405").count("km away") == 2
    assert "km away" not in html_of(client, "")


def test_position_that_is_not_known_yet_is_asked_for(client):
    html = html_of(client, "near=me")

    assert "we need to know about where you are" in html
    assert html.count("data-locate hidden") == 2


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (999, "999"), (1000, "1,000"), (1001, "1,000+")]
)
def test_count_is_exact_up_to_a_thousand(number, text):
    assert counted(number) == text


@pytest.mark.parametrize(
    ("distance", "text"),
    [
        (0.0, "less than 1 km away"),
        (3.24, "3.2 km away"),
        (42.4, "42 km away"),
        (1234.0, "1,234 km away"),
        (None, ""),
        ("", ""),
    ],
)
def test_distance_is_as_exact_as_people_need_it(distance, text):
    assert kilometres(distance) == text
