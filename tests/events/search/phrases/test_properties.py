import datetime as dt
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from events.search.phrases import understand
from tests.events.search.known_names import KNOWN

WORDS = """
a after and around at available berlin between bis captions christmas dec december euros events
every evening free friday from german heute hearing in language late left loop march may me monday
munich near new next nice night not of on online or paris sign springfield sunday the this tickets
to today tomorrow under until week weekend with without york 10 20 24 24.12. 2026-12-24 €15 , - &
"free" -today "in berlin" (berlin)
"""
SAID = WORDS.split()
UNKNOWN = ["xylophone", "qwertz", "Ψηφιδωτό", "爵士", "c++"]
LINES = st.lists(st.sampled_from(SAID + UNKNOWN), max_size=12).map(" ".join)
TODAYS = st.dates(min_value=dt.date(2024, 1, 1), max_value=dt.date(2032, 12, 31))
MOST_SECONDS = 0.05  # a bound for a busy machine; a millisecond at most on one that is free


@given(text=st.text(max_size=120), today=TODAYS)
def test_any_text_can_be_read(text, today):
    left = understand(text, today=today, names=KNOWN).text

    assert all(word in text for word in left.split())


@settings(max_examples=300)
@given(line=LINES, today=TODAYS)
def test_unknown_words_are_never_lost(line, today):
    left = understand(line, today=today, names=KNOWN).text

    assert [word for word in left.split() if word in UNKNOWN] == [
        word for word in line.split() if word in UNKNOWN
    ]


@settings(max_examples=300)
@given(line=LINES, today=TODAYS)
def test_what_is_left_holds_no_further_filter(line, today):
    left = understand(line, today=today, names=KNOWN).text
    again = understand(left, today=today, names=KNOWN)

    assert (again.text, again.filters) == (left, {})


@settings(max_examples=300)
@given(line=LINES, today=TODAYS)
def test_days_are_not_over_and_in_order(line, today):
    filters = understand(line, today=today, names=KNOWN).filters
    dates = [filters[name][0] for name in ("date_from", "date_to", "date") if name in filters]

    assert dates == sorted(dates)
    assert all(date >= today.isoformat()[:7] for date in dates)


def test_long_lines_are_read_quickly():
    line = " ".join(SAID)[:200]
    started = time.process_time()
    for _ in range(10):
        understand(line, today=dt.date(2026, 11, 20), names=KNOWN)

    assert (time.process_time() - started) / 10 < MOST_SECONDS
