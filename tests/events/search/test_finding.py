import pytest
from django.db import connection
from django.utils import timezone

from events.listings import planned_for
from events.models import Listing
from events.search import finding
from events.search.criteria import Criteria
from events.search.finding import Search
from events.search.words import parse_words
from tests.events.search.made import make_events, moment, searches, titles
from tests.factories import CityFactory, EventFactory, TicketTypeFactory, days_from_now

pytestmark = pytest.mark.django_db


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


def test_each_count_is_what_its_choice_shows():
    make_events(60)
    now = moment()
    criteria = Criteria(tags=frozenset({("attend", "online")}), is_available=True)
    counts = Search(criteria, now).choices()

    for value in ("online", "in-person"):
        chosen = Criteria(tags=frozenset({("attend", value)}), is_available=True)
        assert counts.of("attend", f"attend:{value}") == Search(chosen, now).total().number
    assert counts.of("available", "available:1") == Search(criteria, now).total().number


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


def test_page_of_a_search_takes_few_queries(client, django_assert_max_num_queries):
    EventFactory.create_batch(3, title="Jazz")
    client.get("/events/?q=jazz")

    # Whether there are newer words; the page, its events and their tickets; how many; the choices,
    # with and without what is chosen. Three of them in a transaction with its planning.
    with django_assert_max_num_queries(7 + 3 * 3):
        client.get("/events/?q=jazz&time=evening")
