"""What somebody makes up for an address is refused or finds nothing: it breaks no page, and keeps
no server busy.
"""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.search.criteria import Access
from tests.factories import TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db

START = "2026-12-01T10:00:00Z"
NUMBERS = ("", "x", "nan", "-inf", "1e999", "1e999999", "1e-20000", "-5", "10" * 200, "9" * 5000)
INSTANTS = (
    *("", "nan", "2026-13-01T10:00:00Z", "2026-12-01", "2026-12-01T10:00:00"),
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    *("2026-12-01T10:00:00+16:00", "2026-12-01T10:00:00-23:59", "2026-12-01T10:00:00+99:99"),
)
TWO_KEYS = [*(f"{START}_{number}" for number in NUMBERS), *(f"{start}_1" for start in INSTANTS)]
THREE_KEYS = [
    *(f"{number}_{START}_1" for number in NUMBERS),
    *(f"1_{START}_{number}" for number in NUMBERS),
    *(f"{first}_{start}_1" for first in ("1", "-") for start in INSTANTS),
]
PARTS = ["_", "__", "-", "a" * 3000, f"{START}_1_1_1"]

MANY_WORDS = " ".join("abcdefghijklmnopqrstuvwxyz0123456789αβγδεζηθικλμνξ")
TEXTS = [
    *("!?.,;", "'", '"', "\\", "'\\", "''", "%s %(x)s {0}", "& | ! <-> :*", "foo:ABCD*", "a <-> b"),
    *("-a -b", '-"a b"', '"the"', "((", "🎉 🎉", "\u200b", "\u0300" * 100, "ﷺ" * 100, "㌖" * 100),
    *("from ٣ to ½ euros", "2099-99-99", "99.99.2099", "in the next ² weeks", "in in in in"),
    *("a" * 10_000, " ".join(f"w{number}" for number in range(300)), MANY_WORDS),
]
DAYS = ("0000-01-01", "0001-01-01", "0001-01-06", "9999-12-30", "9999-12-31", "10000-01-01")
MONTHS = ("0000-01", "0001-01", "9999-12", "2026-13", "-1-01", "nan")
PRICES = ("1e400", "1e-400", str(10**20), "nan", "sNaN", "inf", "-1", "-0", "0.001")
POSITIONS = (
    *("nan,nan", "inf,0", "1e999,0", "91,200", "90,180", "-90,-180", "1,2,3", ",", "nowhere"),
    *("1e-320,1e-320", "a" * 500),
)
QUERIES = [
    *({"q": text} for text in TEXTS),
    *({"location": text} for text in TEXTS[:20]),
    *({name: day} for name in ("date", "date_from", "date_to") for day in DAYS),
    {"date_from": DAYS[1], "date_to": DAYS[-2]},
    {"when": "today", "date": DAYS[-2], "city": "berlin"},
    *({"month": month, "view": "calendar"} for month in MONTHS),
    {"view": "calendar", "month": "2026-12", "date_from": DAYS[1], "date_to": DAYS[-2]},
    *({name: price} for name in ("min_price", "max_price") for price in PRICES),
    *({"near": position, "view": "map"} for position in POSITIONS),
    *({"near": "52.5,13.4", "radius": km} for km in ("0", "-1", "nan", str(10**30), "٥")),
    *({name: ["a", "b"]} for name in ("category", "city", "host")),
    *({name: "unknown"} for name in ("view", "sort", "when", "time", "attend", "language")),
    {"access": [f"a{number}" for number in range(900)]},
    {"access": [f"a{number}" for number in range(5000)]},
    {"access": ["step-free"] * 900},
]
MOST_SQL = 50_000  # letters of one query


@pytest.fixture(autouse=True)
def jazz(settings):
    settings.MAP_TILE_URL = "https://tiles.example/{z}/{x}/{y}.png"
    city = {"slug": "berlin", "latitude": 52.5, "longitude": 13.4}
    place = {f"event__city__{name}": value for name, value in city.items()}
    return TicketTypeFactory(event__title="Late Night Jazz", **place).event


def check(client, path, query, *, statuses=(200, 400)):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"{path}?{urlencode(query, doseq=True)}", follow=True)
    # What a phrase is read as makes sense.
    assert response.status_code in ((200,) if response.redirect_chain else statuses), query
    assert max((len(query["sql"]) for query in captured), default=0) < MOST_SQL, query


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize(
    ("query", "cursors"),
    [
        ({"sort": "soon"}, TWO_KEYS),
        ({"sort": "newest"}, TWO_KEYS),
        ({"sort": "popular"}, THREE_KEYS),
        ({"sort": "price"}, THREE_KEYS),
        ({"sort": "-price"}, THREE_KEYS),
        ({"sort": "distance", "near": "52.5,13.4"}, THREE_KEYS),
        ({"sort": "relevance", "q": "jazz"}, THREE_KEYS),
    ],
    ids=lambda value: value["sort"] if isinstance(value, dict) else "",
)
def test_list_begins_at_no_cursor_that_is_made_up(client, query, cursors, name):
    for cursor in (*PARTS, *cursors):
        check(client, "/events/", query | {name: cursor}, statuses=(200, 404))


@pytest.mark.parametrize("path", ["/events/", "/events.ics", "/events.atom"])
def test_list_and_feeds_answer_any_query(client, path):
    for query in QUERIES:
        check(client, path, query)


def test_search_that_is_made_up_is_not_kept(client):
    client.force_login(UserFactory())
    for query in QUERIES:
        check(client, "/searches/new/", {"query": urlencode(query, doseq=True)})


def test_suggestions_are_made_for_any_text(client):
    for text in TEXTS:
        for typed in (text, f"jazz {text}"):
            check(client, "/events/suggest/", {"q": typed}, statuses=(200,))


@pytest.mark.parametrize("name", ["after", "before"])
def test_pages_of_a_place_begin_at_no_cursor_that_is_made_up(client, name):
    for cursor in (*PARTS, *TWO_KEYS):
        check(client, "/city/berlin/", {name: cursor}, statuses=(200, 404))


@pytest.mark.parametrize("url", ["", "//", "http://[", "http://testserver:x/event/a/", "a" * 9000])
def test_nothing_is_embedded_for_an_address_that_is_made_up(client, url):
    for size in NUMBERS:
        check(client, "/oembed", {"url": url, "maxwidth": size}, statuses=(400, 404))


def test_values_that_are_made_up_do_not_all_have_a_chip(client):
    """Each has the rest of the query in its address."""
    response = client.get("/events/", {"access": [f"a{number}" for number in range(900)]})

    assert len(response.context["chips"]) == len(Access)
