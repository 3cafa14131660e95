"""Where last copies are kept, and for how long."""

import random
import uuid

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache

from eventmate.last_copies import LastCopies

HTML = "text/html; charset=utf-8"


@pytest.fixture
def shared(redis_url: str) -> BaseCache:
    return caches["default"]


@pytest.fixture
def address() -> str:
    return f"http://events.example.org/{uuid.uuid4()}/"


def copies(*, most_bytes: int = 10_000, max_age: float = 60, shared=None) -> LastCopies:
    return LastCopies(most_bytes=most_bytes, max_age=max_age, shared=shared)


def incompressible(size: int) -> bytes:
    return random.Random(1).randbytes(size)


def test_copy_is_what_was_kept(address: str) -> None:
    kept = copies()
    kept.keep(address, b"Jazz", HTML)

    copy = kept.get(address)
    assert (copy.content, copy.content_type) == (b"Jazz", HTML)
    assert copy.age < 60
    assert kept.get(address + "other/") is None


def test_copy_that_is_too_old_is_not_given(address: str) -> None:
    kept = copies(max_age=0)
    kept.keep(address, b"Jazz", HTML)

    assert kept.get(address) is None


def test_newer_copy_is_due_only_after_a_while(address: str) -> None:
    kept = copies()
    assert kept.is_due(address)
    kept.keep(address, b"Jazz", HTML)
    assert not kept.is_due(address)


def test_copy_of_a_page_that_is_gone_is_not_given(address: str, shared: BaseCache) -> None:
    one, other = copies(shared=shared), copies(shared=shared)
    one.keep(address, b"Jazz", HTML)
    assert copies(shared=shared).get(address)

    other.drop(address)

    assert other.get(address) is None
    assert copies(shared=shared).get(address) is None
    other.drop(address + "never/")
    assert shared.get(f"last-copy:{address}never/") is None
    other.keep(address, b"Jazz again", HTML)
    assert copies(shared=shared).get(address).content == b"Jazz again"


def test_memory_is_bounded_and_forgets_what_was_kept_first(address: str) -> None:
    kept = copies(most_bytes=10_000)
    for number in range(3):
        kept.keep(f"{address}{number}/", incompressible(4_000), HTML)

    assert kept.get(f"{address}0/") is None
    assert kept.get(f"{address}1/") is not None
    assert kept.get(f"{address}2/") is not None

    # Kept again, a page takes no more than once its place.
    for _ in range(5):
        kept.keep(f"{address}1/", incompressible(4_000), HTML)
    assert kept.get(f"{address}2/") is not None


def test_copy_larger_than_the_memory_is_forgotten_at_once(address: str) -> None:
    kept = copies(most_bytes=1_000)
    kept.keep(address, incompressible(2_000), HTML)

    assert kept.get(address) is None


def test_any_process_has_the_copy_from_the_shared_cache(address: str, shared: BaseCache) -> None:
    copies(shared=shared).keep(address, b"Jazz", HTML)

    assert copies(shared=shared).get(address).content == b"Jazz"
    assert copies().get(address) is None
    assert copies(shared=shared, max_age=0).get(address) is None


def test_newest_copy_of_all_processes_is_given(
    address: str, shared: BaseCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = copies(shared=shared)
    mine.keep(address, b"Old", HTML)
    copies(shared=shared).keep(address, b"New", HTML)

    assert mine.get(address).content == b"Old", "as good as new, and asked for without Redis"
    monkeypatch.setattr("eventmate.last_copies.INTERVAL", 0)
    assert mine.get(address).content == b"New"
