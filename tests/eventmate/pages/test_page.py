"""A page that was rendered for everyone, and how each visitor gets it."""

import datetime as dt
import gzip
import time

import pytest

from eventmate.pages.page import MOST_VARIANTS, STANDS_IN, Page
from eventmate.pages.recording import TOKEN, Recording, Spot
from tests.eventmate.pages.made import page

HEART = Spot(visitor="Log in", member="Keep", fact="favorites", number=7, holds="Let go")


def with_heart_and_form() -> Page:
    record = Recording()
    content = f"<b>{record.spot(HEART)}</b>{record.slot(TOKEN)}.{record.slot('source')}"
    return page("/event/jazz/", content, record=record)


def test_each_kind_of_visitor_gets_the_page_in_their_words() -> None:
    jazz = with_heart_and_form()
    values = {TOKEN: b"t0ken", "source": b"?ref=mail"}

    assert jazz.for_visitor().content({}) == b"<b>Log in</b>."
    assert jazz.for_member({"favorites": {1}}).content(values) == b"<b>Keep</b>t0ken.?ref=mail"
    assert jazz.for_member({"favorites": {7}}).content(values) == b"<b>Let go</b>t0ken.?ref=mail"
    assert jazz.facts == {("favorites", 7)}


def test_slots_inside_of_the_words_for_members_are_not_on_the_page_of_others() -> None:
    record = Recording()
    form = Spot(visitor="Log in", member=f"<input value={record.slot(TOKEN)}>")
    form_page = page("/host/blue/", f"{record.spot(form)}", record=record)

    assert form_page.for_visitor().slots == []
    assert form_page.for_member({}).content({TOKEN: b"t0ken"}) == b"<input value=t0ken>"


def test_only_a_page_with_nothing_of_a_visitor_is_kept_as_its_view_says() -> None:
    record = Recording()
    with_slot = page("/", record.slot(TOKEN), record=record, caching="public, max-age=60")

    assert with_slot.caching == ""
    assert page("/", "Jazz", caching="public, max-age=60").caching == "public, max-age=60"


def test_body_is_spliced_from_pieces_with_what_is_the_visitors_own() -> None:
    variant = with_heart_and_form().for_member({})
    values = {TOKEN: b"t0ken", "source": b""}

    assert gzip.decompress(variant.spliced_body(values)) == variant.content(values)
    assert b"t0ken" in variant.spliced_body(values), "as it is: its length tells nothing"


def test_tag_is_that_of_the_words_and_not_of_when_the_page_was_made() -> None:
    first, second = with_heart_and_form(), with_heart_and_form()

    assert first.for_visitor().etag == second.for_visitor().etag
    assert first.for_visitor().etag != first.for_member({}).etag
    assert page("/", "Swing").for_visitor().etag != page("/", "Jazz").for_visitor().etag


def test_variants_for_members_who_keep_other_events_are_few() -> None:
    record = Recording()
    spots = [
        Spot("", "", "favorites", number, f"<{number}>") for number in range(MOST_VARIANTS + 5)
    ]
    jazz = page("/", "".join(record.spot(spot) for spot in spots), record=record)

    words = [jazz.for_member({"favorites": {n}}).content({}) for n in range(len(spots))]

    assert words == [f"<{number}>".encode() for number in range(len(spots))]
    assert len(jazz._variants) == MOST_VARIANTS
    assert jazz.for_visitor() is jazz.for_visitor(), "however many members came before"
    assert jazz.for_member({}) is jazz.for_member({})


def test_page_is_fresh_until_what_it_shows_changes_or_its_time_is_over() -> None:
    assert page("/").is_fresh
    assert not page("/", until=time.time() - 1).is_fresh
    outdated = page("/")
    outdated.outdated_since = time.monotonic()
    assert not outdated.is_fresh


@pytest.mark.parametrize(("seconds", "stands_in"), [(0, True), (STANDS_IN + 1, False)])
def test_old_page_stands_in_for_a_few_seconds_only(seconds: float, stands_in: bool) -> None:
    over = page("/", until=time.time() - seconds)
    outdated = page("/")
    outdated.outdated_since = time.monotonic() - seconds

    assert (over.can_stand_in, outdated.can_stand_in) == (stands_in, stands_in)


def test_page_is_over_at_the_next_moment_at_which_the_clock_changes_it() -> None:
    now = dt.datetime.now(dt.UTC)
    moments = {now + dt.timedelta(seconds=seconds) for seconds in (-5, 10, 20, 3600)}

    jazz = page("/", record=Recording(moments=moments))

    at = (now + dt.timedelta(seconds=10)).timestamp()
    assert jazz.until == pytest.approx(at, rel=0, abs=0.001)
