"""The pages that a worker has: found by address and by what they show, up to so many bytes."""

import pytest
from django.core.cache import caches

from eventmate.pages.page import SIZE_OF_TAG
from eventmate.pages.recording import TOKEN, Recording
from eventmate.pages.store import Shelf, Store
from tests.eventmate.pages.made import incompressible, page, showing

LARGE = incompressible(10_000)


def store(most_bytes: int = 10**6) -> Store:
    return Store(most_bytes=most_bytes, shared=None)


def bytes_of(*addresses: str) -> int:
    """What these pages take, each LARGE."""
    return sum(page(address, LARGE).size for address in addresses)


def test_page_is_found_at_its_address_alone() -> None:
    kept, jazz = store(), page("/event/jazz/")
    kept.put(jazz)

    assert kept.find("/event/jazz/", "") is jazz
    assert kept.find("/event/jazz/", "q=1") is None
    assert kept.find("/event/other/", "") is None
    assert len(kept) == 1


def test_page_of_a_view_that_ignores_queries_is_found_for_any() -> None:
    kept, jazz = store(), page("/event/jazz/", ignores_query=True)
    kept.put(jazz)

    assert kept.find("/event/jazz/", "ref=newsletter") is jazz


def test_pages_of_one_path_with_other_queries_are_others() -> None:
    kept, first, second = store(), page("/events/?q=a"), page("/events/?q=b")
    kept.put(first)
    kept.put(second)

    assert kept.find("/events/", "q=a") is first
    assert kept.find("/events/", "q=b") is second
    assert kept.find("/events/", "") is None


def test_shelf_that_is_full_lets_go_of_what_was_not_asked_for_longest() -> None:
    shelf = Shelf(bytes_of("/a/", "/b/"))
    shelf.put(page("/a/", LARGE))
    shelf.put(page("/b/", LARGE))
    shelf.take("/a/")

    gone = shelf.put(page("/c/", LARGE))

    assert [page.address for page in gone] == ["/b/"]
    assert set(shelf.pages) == {"/a/", "/c/"}
    assert shelf.bytes == bytes_of("/a/", "/c/")


def test_page_takes_the_place_of_that_of_its_address() -> None:
    shelf = Shelf(10**6)
    old, new = page("/a/", LARGE), page("/a/")
    shelf.put(old)

    assert shelf.put(new) == [old]
    assert shelf.bytes == new.size


def test_page_larger_than_the_shelf_is_kept_alone() -> None:
    shelf = Shelf(100)
    shelf.put(page("/a/", LARGE))
    shelf.put(page("/b/", LARGE))

    assert set(shelf.pages) == {"/b/"}


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_page_weighs_what_is_made_of_it_to_be_sent(coding: str) -> None:
    kept, jazz = store(), page("/event/jazz/", LARGE)
    kept.put(jazz)
    before = kept.bytes

    body = jazz.for_visitor().common_body(coding)
    kept.weigh(jazz)

    assert kept.bytes == before + len(body)


def test_page_weighs_its_words_too_where_a_visitor_has_something_in_it() -> None:
    record = Recording()
    kept, jazz = store(), page("/event/jazz/", LARGE + record.slot(TOKEN), record=record)
    kept.put(jazz)
    before, variant = kept.bytes, jazz.for_member({})
    common = variant.common_body("br")

    pieces = variant.spliced_body({TOKEN: b"t0ken"})
    kept.weigh(jazz)

    assert kept.bytes > before + len(common) + len(LARGE) + 0.9 * len(pieces)


def test_page_that_grows_makes_others_go() -> None:
    kept = store(2 * bytes_of("/a/", "/b/") + 2 * SIZE_OF_TAG)
    grows = page("/a/", LARGE)
    kept.put(showing("/b/", "event:2", content=LARGE))
    kept.put(grows)
    assert len(kept) == 2

    grows.for_visitor().common_body("identity")
    kept.weigh(grows)

    assert kept.find("/a/", "") is grows
    assert kept.find("/b/", "") is None
    assert kept.showing(["event:2"]) == []


def test_page_that_has_gone_is_not_weighed() -> None:
    kept, old, new = store(), page("/a/", LARGE), page("/a/")
    kept.put(old)
    kept.put(new)

    kept.weigh(old)

    assert kept.bytes == new.size


def test_addresses_that_somebody_makes_up_push_out_only_each_other() -> None:
    kept = store(2 * bytes_of("/a/", "/b/"))
    kept.put(page("/a/", LARGE))
    for number in range(20):
        kept.put(page(f"/events/?q={number}", LARGE))

    assert kept.find("/a/", "")
    assert kept.find("/events/", "q=19")
    assert len(kept) == 3
    assert kept.bytes <= 2 * bytes_of("/a/", "/b/")


def test_pages_are_found_by_what_they_show() -> None:
    kept = store()
    jazz, home = showing("/event/jazz/", "event:1", "city:1"), showing("/?page=2", "event:1")
    kept.put(jazz)
    kept.put(home)

    assert kept.showing(["city:1", "event:7"]) == [jazz]
    assert {page.address for page in kept.showing(["event:1"])} == {"/event/jazz/", "/?page=2"}
    assert kept.everything() == [jazz, home]


def test_nothing_is_left_of_the_tags_of_pages_that_went() -> None:
    kept = store(2 * bytes_of("/a/", "/b/") + 8 * SIZE_OF_TAG)
    for number in range(10):
        kept.put(showing(f"/{number}/", "list", f"event:{number}", content=LARGE))
    kept.put(showing("/9/", "event:99"))

    assert kept.showing(["event:0", "event:9"]) == []
    assert kept._by_tag == {"list": ("/8/",), "event:8": ("/8/",), "event:99": ("/9/",)}


def test_outdated_page_is_forgotten_only_where_it_cannot_stand_in() -> None:
    kept = store()
    fresh, old = showing("/fresh/", "list"), showing("/old/", "list")
    for each in (fresh, old):
        kept.put(each)
    fresh.outdated_since = None
    old.outdated_since = float("-inf")

    kept.forget_outdated("/fresh/")
    kept.forget_outdated("/old/")

    assert kept.showing(["list"]) == [fresh]
    assert kept.bytes == fresh.size


def test_other_worker_is_given_the_page_without_what_is_of_this_process(redis_url: str) -> None:
    mine, theirs = (Store(most_bytes=10**6, shared=caches["default"]) for _ in range(2))
    jazz = showing("/event/jazz/", "event:1", content="All that jazz")
    jazz.headers["http"] = [("X-Frame-Options", "DENY")]
    jazz.for_visitor()
    jazz.outdated_since = 1.0
    mine.give(jazz)

    given = theirs.given("/event/jazz/")

    assert given
    assert given.for_visitor().content({}) == b"All that jazz"
    assert (given.tags, given.headers, given.snapshot) == (jazz.tags, jazz.headers, jazz.snapshot)
    assert given.outdated_since is None
    assert theirs.given("/event/other/") is None
