import pytest

from events.search.answering import answer
from events.search.criteria import Criteria, Sort
from events.search.kept_names import forget_names
from events.search.relaxing import relax
from events.search.spelling import correct
from events.search.words import parse_words
from tests.events.search.made import moment
from tests.factories import CategoryFactory, CityFactory, EventFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def programme():
    forget_names()
    berlin = CityFactory(name="Berlin", aliases="Berlino, Берлин")
    cologne = CityFactory(name="Köln", aliases="Cologne, Colonia")
    jazz, code = CategoryFactory(name="Jazz"), CategoryFactory(name="Python")
    EventFactory(title="Jazz Festival", city=berlin, category=jazz)
    EventFactory(title="Jazz at the River", city=cologne, category=jazz)
    EventFactory(title="Python Conference", city=cologne, category=code)
    EventFactory(title="Hackathon for Accessibility", city=berlin, category=code)
    EventFactory(title="Photography Walk", city=berlin, category=jazz)
    EventFactory(title="JavaScript Camp 2027", city=berlin, category=code, description="Typescript")


def corrected(text):
    correction = correct(Criteria(words=parse_words(text)), moment())
    return str(correction) if correction else None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jaz festval berln", "jaz festival berlin"),
        ("pyhton", "python"),
        ("pytohn confernce", "python conference"),
        ("koln jaz rivr", "koln jaz river"),
        ("kolnn", "koln"),
        ("hack athon", "hackathon"),
        ("java script camp", "javascript camp"),
        ("festivaljazz", "festival jazz"),
        ("conferencepython", "conference python"),
        ("fotography wallk", "photography walk"),
        ("accesibilty", "accessibility"),
        ("ajzz", "jazz"),
        ("jazz deutschland", "jazz germany"),
        ("berlinn -python", "berlin -python"),
        ('"jazz festival" berlinn', "berlin “jazz festival”"),
    ],
)
def test_a_misspelled_search_is_read_as_one_that_finds_something(typed, meant):
    assert corrected(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "jazz",
        "jaz",  # the beginning of a word
        "festivals",  # found by its stem
        "typescript",  # only in a description
        "colonia",
        "берлин",
        "jazz festival cologne",  # nothing has all of these, but each is right
        "2028",
        "mp3",
        "xqzvw",
        "schmidtke",
        "jury",
        "ja",
        "the",
        '"jazz festivel"',
        "-jazzz",
        "",
        "東亰",
    ],
)
def test_what_finds_something_or_resembles_nothing_stays_as_it_is(text):
    assert corrected(text) is None


def test_it_says_what_was_changed():
    correction = correct(Criteria(words=parse_words("jazz festval berln")), moment())

    assert correction.changed == (("festval", "festival"), ("berln", "berlin"))
    assert correction.finds_all


def test_of_words_that_are_as_near_the_one_that_matches_the_others_is_meant():
    EventFactory(title="Tangle of Strings")
    for _ in range(3):
        EventFactory(title="Tango of Hearts")

    assert corrected("tange strings") == "tangle strings"
    assert corrected("tange hearts") == "tango hearts"


def test_words_that_are_right_apart_but_never_together_are_still_corrected():
    correction = correct(Criteria(words=parse_words("photography kolnn")), moment())

    assert correction.words.words == ("photography", "koln")
    assert not correction.finds_all


@pytest.mark.parametrize("text", ["jazz festival", "jaz festval berln"])
def test_page_beyond_the_end_is_empty_and_of_the_same_search(text):
    criteria = Criteria(words=parse_words(text), sort=Sort.SOON)
    first = answer(criteria, moment(), is_exact=False)

    beyond = answer(criteria, moment(), is_exact=False, after="2099-01-01T00:00:00Z_1")

    assert first.rows.rows
    assert not beyond.rows.rows
    assert (beyond.correction, beyond.left_out) == (first.correction, first.left_out)


def test_unlikely_input_costs_little(django_assert_max_num_queries):
    lines = ["x" * 100, "ab " * 33, "qwertz " * 14, "'\\&|!:*()<> %_", "\u0301\u200b -", "🎷 🎷"]
    correct(Criteria(words=parse_words("warm up")), moment())
    for line in lines:
        with django_assert_max_num_queries(12):
            corrected(line)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("xyzzy jazz", ("xyzzy",)),
        ("jazz hackathon", ("jazz",)),
        ("python berlin walk", ("python",)),
        ("xyzzy", None),
        ("jazz", None),
    ],
)
def test_done_without_first_is_what_is_unknown_or_says_least(text, first):
    tried = relax(parse_words(text))

    assert next(iter(tried), None) == first


def test_it_is_never_done_without_every_word():
    for text in ("jazz python", "jazz python berlin koln camp walk", "xyzzy jazz quux"):
        words = set(parse_words(text).words)
        assert all(set(left_out) < words for left_out in relax(parse_words(text)))
