"""Words that very many listings have, found by bitmaps: the same as PostgreSQL finds by itself."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Listing
from events.search import facet_store, facets, kept, known_words, word_index
from events.search.criteria import Criteria, Sort
from events.search.facet_store import build_facet_index, forget_facet_index
from events.search.finding import Search
from events.search.known_words import mark_known
from events.search.vocabulary_store import build_vocabulary
from events.search.word_index import build_word_index
from events.search.words import parse_words
from tests.events.search.made import make_events, moment
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db

OFTEN = 5


@pytest.fixture(autouse=True)
def large_site(monkeypatch):
    """As if a handful of events were very many."""
    for module in (facets, facet_store):
        monkeypatch.setattr(module, "MOST_COUNTED", OFTEN)
    for module in (known_words, word_index):
        monkeypatch.setattr(module, "ENOUGH", OFTEN)
    make_events(60)
    build_vocabulary()
    assert build_facet_index()


def build():
    built = build_word_index(is_due=True)
    forget_facet_index()
    return built


def search(text, **criteria):
    return Search(Criteria(words=mark_known(parse_words(text)), **criteria), moment())


def answers(found):
    pages = [found.page()]
    while following := pages[-1].following:
        pages.append(found.page(after=str(following)))
    ids = [row["event_id"] for page in pages for row in page.rows]
    return ids, found.total(), found.choices().numbers


def looks_into_texts(function):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        function()
    return any("tsquery" in query["sql"] for query in queries)


@pytest.mark.parametrize("text", ["jazz", "jazz festival", "python -market", "workshop nigh"])
@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.SOON, Sort.POPULAR])
def test_answers_are_those_of_the_database(text, sort):
    without = answers(search(text, sort=sort))
    assert build()

    assert answers(search(text, sort=sort)) == without
    assert without[0]


def test_beginning_of_a_frequent_word_finds_rarer_ones_too():
    rare = EventFactory(title="Festivity")
    build_facet_index()
    without = answers(search("festiv", sort=Sort.SOON))
    build()
    new = EventFactory(title="Festival of Lights")

    begun = word_index.word_index().beginning(parse_words("festiv"))
    found = answers(search("festiv", sort=Sort.SOON))[0]

    assert list(begun) == ["festival"]
    assert rare.pk in found
    assert {*found} == {*without[0], new.pk}


def test_frequent_words_are_not_looked_for_in_the_texts():
    assert looks_into_texts(search("jazz", sort=Sort.SOON).page)
    build()

    assert not looks_into_texts(search("jazz", sort=Sort.SOON).page)
    assert looks_into_texts(search("jazz python2027", sort=Sort.SOON).page)


def test_new_event_is_found_at_once_and_one_that_is_gone_is_not():
    build()
    gone = Listing.objects.filter(title__contains="jazz").first().event
    gone.status = "cancelled"
    gone.save()
    new = EventFactory(title="Late Jazz")

    found, total, _numbers = answers(search("jazz", sort=Sort.SOON))

    assert new.pk in found
    assert gone.pk not in found
    assert total.number == len(found)


def test_edited_text_is_found_as_it_is_at_once():
    build()
    event = Listing.objects.filter(title__contains="night").first().event
    event.title, event.summary = "Market of Python", ""
    event.save()

    assert event.pk not in answers(search("night"))[0]
    assert event.pk in answers(search("python market"))[0]


@pytest.mark.parametrize(
    "text", ["jazz festival", "fest jaz", "pyt hon market", "workshop nigh mark", "jazz nothing"]
)
def test_word_by_word_the_same_is_found(text):
    EventFactory(title="Py thon Markets")
    build_vocabulary()
    build()
    criteria = Criteria(words=mark_known(parse_words(text)), sort=Sort.SOON)

    by_word = Search(criteria, moment(), word_by_word=True)

    assert answers(by_word) == answers(Search(criteria, moment()))
    assert by_word.has_any() == bool(answers(by_word)[0])


def test_what_is_tried_asks_for_each_word_once():
    build()
    now = moment()
    with CaptureQueriesContext(connection) as queries:
        for text in ("zyx jazz", "jazz zyx night", "zyx market festival"):
            words = mark_known(parse_words(text))
            assert not Search(Criteria(words=words), now, word_by_word=True).has_any()

    assert sum("tsquery" in query["sql"] for query in queries) == 1


def test_database_is_asked_where_too_much_is_new(monkeypatch):
    build()
    new = EventFactory(title="Late Jazz")
    monkeypatch.setattr(kept, "MOST_CHANGED", 0)

    assert looks_into_texts(search("jazz", sort=Sort.SOON).page)
    assert new.pk in answers(search("jazz", sort=Sort.SOON))[0]


def test_it_is_built_anew_when_it_is_old_and_something_changed(monkeypatch):
    assert build_word_index()
    event = EventFactory(title="Late Jazz")
    assert not build_word_index()

    monkeypatch.setattr(word_index, "AGE", dt.timedelta(0))
    assert build_word_index()
    assert not build_word_index()
    assert event.pk in word_index.word_index().by_stem["jazz"]


def test_site_without_words_that_many_have_keeps_none():
    build()
    Listing.objects.all().delete()
    build_vocabulary()

    assert not build_word_index()
    assert word_index.word_index() is None
