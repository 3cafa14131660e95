import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.utils import timezone

from events.listings import planned_for
from events.models import Listing
from events.search import facets, finding, kept
from events.search.criteria import Criteria, Sort
from events.search.facet_store import build_facet_index, facet_index
from events.search.finding import Search
from events.search.words import parse_words
from tests.events.search.made import make_events, moment, searches
from tests.factories import CityFactory, EventFactory, TicketTypeFactory, days_from_now

pytestmark = pytest.mark.django_db

NUMBER = 60


def titles(text, **criteria):
    """What is found by words, the best match first."""
    wanted = Criteria(words=parse_words(text), sort=Sort.RELEVANCE, **criteria)
    found = [row["event_id"] for row in Search(wanted, moment()).page().rows]
    title_of = dict(Listing.objects.values_list("pk", "event__title"))
    return [title_of[pk] for pk in found]


@pytest.fixture
def large_site(monkeypatch):
    """As if there were too many events for PostgreSQL to count."""
    make_events(NUMBER)
    monkeypatch.setattr(facets, "MOST_COUNTED", 10)
    monkeypatch.setattr("events.search.facet_store.MOST_COUNTED", 10)
    assert build_facet_index()
    assert facet_index()


@pytest.fixture
def small_site():
    make_events(NUMBER)


@pytest.fixture
def very_large_site(large_site, monkeypatch):
    """As if so many matched that a walk of the orders in memory finds the next."""
    monkeypatch.setattr(finding, "FEW", 5)


@pytest.mark.parametrize("name", searches())
@pytest.mark.parametrize("site", ["small_site", "large_site", "very_large_site"])
def test_pages_hold_each_match_once_forwards_and_backwards(name, site, request):
    request.getfixturevalue(site)
    search = Search(searches()[name], moment())
    matching = set(Listing.objects.matching(search.criteria, at=search.moment.at).values_list("pk"))

    pages = [search.page(size=7)]
    while following := pages[-1].following:
        pages.append(search.page(after=str(following), size=7))
    back = [pages[-1]]
    while previous := back[0].previous:
        back.insert(0, search.page(before=str(previous), size=7))

    found = [row["event_id"] for page in pages for row in page.rows]
    assert {(pk,) for pk in found} == matching
    assert len(found) == len(matching) == search.total().number
    assert [row["event_id"] for page in back if page.rows for row in page.rows] == found


@pytest.mark.parametrize("name", searches())
def test_large_site_counts_as_a_small_one_does(name, large_site, monkeypatch):
    criteria, now = searches()[name], moment()
    by_bitmaps = Search(criteria, now).choices()
    monkeypatch.setattr(facets, "MOST_COUNTED", 5000)
    for module in (finding, kept):
        monkeypatch.setattr(module, "facet_index", lambda: None)
    by_rows = Search(criteria, replace(now)).choices()

    assert by_bitmaps.numbers == by_rows.numbers
    assert set(by_bitmaps.dimensions) == set(by_rows.dimensions)


def test_each_count_is_what_its_choice_shows():
    make_events(NUMBER)
    now = moment()
    criteria = Criteria(tags=frozenset({("attend", "online")}), is_available=True)
    counts = Search(criteria, now).choices()

    for value in ("online", "in-person"):
        chosen = Criteria(tags=frozenset({("attend", value)}), is_available=True)
        assert counts.of("attend", f"attend:{value}") == Search(chosen, now).total().number
    assert counts.of("available", "available:1") == Search(criteria, now).total().number


def test_new_event_is_on_a_page_of_a_large_site_at_once(large_site):
    event = EventFactory(title="Xylophone jazz", starts_at=days_from_now(1))

    assert "Xylophone jazz" in titles("xylophone")
    everything = Search(Criteria(sort=Sort.NEWEST), moment())
    assert everything.page().rows[0]["event_id"] == event.pk


@pytest.mark.parametrize("site", ["large_site", "very_large_site"])
@pytest.mark.parametrize("sort", [Sort.SOON, Sort.PRICE, Sort.NEWEST])
def test_edited_event_is_at_once_where_it_belongs(site, sort, request):
    request.getfixturevalue(site)
    event = Listing.objects.filter(tags__contains=["attend:online"]).first().event
    online = Criteria(tags=frozenset({("attend", "online")}), sort=sort)
    event.is_online, event.title = False, "Xylophone"
    event.save()
    other = Listing.objects.exclude(tags__contains=["attend:online"]).first().event
    other.is_online, other.starts_at = True, days_from_now(0)
    other.save()
    TicketTypeFactory(event=other, price=0)

    found = [row["event_id"] for row in Search(online, moment()).page(size=30).rows]
    by_rows = Listing.objects.matching(online, at=timezone.now())

    assert event.pk not in found
    assert other.pk in found
    assert Search(online, moment()).total().number in {len(by_rows), len(by_rows) + 1}
    assert titles("xylophone") == ["Xylophone"]


def test_row_that_comes_between_is_on_no_page_twice():
    EventFactory.create_batch(10)
    search = Search(Criteria(), moment())
    first = search.page(size=5)
    EventFactory(starts_at=days_from_now(1))

    second = search.page(after=str(first.following), size=5)

    ids = [row["event_id"] for row in (*first.rows, *second.rows)]
    assert len(set(ids)) == 10


@pytest.mark.parametrize(
    "cursor",
    ["x", "2026-01-01_1", "2026-01-01T00:00:00Z", "1_1", "2026-01-01T00:00:00Z_a", "_", "-_1"],
)
def test_made_up_cursor_is_not_found(client, cursor):
    assert client.get("/events/", {"after": cursor}).status_code == 404
    assert client.get("/events/", {"before": cursor}).status_code == 404


def test_more_than_a_thousand_are_not_counted():
    assert str(finding.Total(1000)) == "1,000"
    assert str(finding.Total(1001)) == "1,000+"


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("jazz berl", True),
        ("GERM late coll", True),
        ("music", True),
        ("the jazz at berlin", True),
        ("jazz jazz", True),
        ("nights", True),
        ('"late night"', True),
        ("jazz -rooks", True),
        ("jazz -berlin", False),
        ('"night late"', False),
        ("jazz paris", False),
        ("azz", False),
    ],
)
def test_search_finds_every_word_in_the_text_or_the_names(text, is_found):
    EventFactory(
        title="Late Night Jazz",
        city=CityFactory(name="Berlin"),
        category__name="Music",
        host__name="Blue Note Collective",
    )
    EventFactory(
        title="Chess",
        summary="",
        description="",
        venue="",
        city=CityFactory(name="Paris", country="France"),
        category__name="Games",
        host__name="The Rooks",
    )

    assert titles(text) == (["Late Night Jazz"] if is_found else [])


@pytest.mark.parametrize(
    "text",
    ["it's", "a & b", "!(", "jazz:*", "\\", "'", "ё", "²", "the", "<->", "🎉", '"', "-", "- -"],
)
def test_search_takes_any_text(client, text):
    EventFactory(title="Late Night Jazz")

    assert client.get("/events/", {"q": text}).status_code in (200, 302)


def test_title_counts_more_than_names_and_names_more_than_the_text():
    plain = {"summary": "", "description": "", "venue": ""}
    EventFactory(title="D", **{**plain, "description": "About otters."})
    EventFactory(title="C", **{**plain, "summary": "Otters."})
    EventFactory(title="B", **{**plain, "venue": "Otters"})
    EventFactory(title="Otters A", **plain)

    assert titles("otters") == ["Otters A", "B", "C", "D"]


def test_of_equal_matches_the_sooner_known_and_available_come_first():
    def event(title, *, days=3, taken=0, capacity=50):
        TicketTypeFactory(
            event__title=f"Otters {title}",
            event__starts_at=days_from_now(days),
            taken=taken,
            capacity=capacity,
        )

    event("in a year", days=360)
    event("unknown")
    event("sold out", taken=50)
    event("known", taken=45)

    assert titles("otters") == [
        *("Otters known", "Otters unknown", "Otters in a year", "Otters sold out")
    ]


def test_word_that_is_known_is_not_the_beginning_of_another():
    EventFactory(title="Art fair")
    EventFactory(title="Artificial intelligence")
    whole = Criteria(words=parse_words("art").__class__(words=("art",), whole=frozenset({"art"})))

    assert len(titles("art")) == 2
    assert Search(whole, moment()).total().number == 1


def test_words_and_filters_are_asked_of_one_index():
    criteria = Criteria(
        words=parse_words("jazz berlin"), tags=frozenset({("city", "1"), ("time", "evening")})
    )
    with connection.cursor() as cursor:  # of a table as small as here, any index is as good
        cursor.execute("DROP INDEX listing_ends_at")

    with planned_for(criteria):
        plan = Listing.objects.matching(criteria, at=timezone.now()).order_by().explain()

    assert "Bitmap Index Scan on listing_words_and_tags" in plan
    assert "tags @>" in plan.partition("Index Cond")[2]


def test_index_is_built_for_a_large_site_where_something_changed(monkeypatch):
    monkeypatch.setattr("events.search.facet_store.MOST_COUNTED", 3)
    EventFactory.create_batch(3)
    assert not build_facet_index()
    assert facet_index() is None

    event = EventFactory()
    assert build_facet_index()
    assert event.pk in facet_index().everything
    assert not build_facet_index()
    event.title = "Other"
    event.save()
    assert build_facet_index()
    event.delete()
    assert not build_facet_index()
    assert facet_index() is None


def test_index_knows_days_beyond_its_last(monkeypatch):
    monkeypatch.setattr("events.search.facet_store.MOST_COUNTED", 0)
    far = timezone.now() + dt.timedelta(days=600)
    event = EventFactory(starts_at=far, ends_at=far + dt.timedelta(hours=2))
    build_facet_index()

    assert event.pk in facet_index().on_dates((timezone.localdate(), None))
    assert event.pk not in facet_index().on_dates((None, timezone.localdate()))


def test_page_of_a_search_takes_few_queries(client, django_assert_max_num_queries):
    EventFactory.create_batch(3, title="Jazz")
    client.get("/events/?q=jazz")

    # Whether there are newer words; the page, its events and their tickets; how many; the choices,
    # with and without what is chosen. Three of them in a transaction with its planning.
    with django_assert_max_num_queries(7 + 3 * 3):
        client.get("/events/?q=jazz&time=evening")
