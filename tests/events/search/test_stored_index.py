import datetime as dt
import platform
import random

import pytest
from pyroaring import BitMap

from events.models import SearchIndex
from events.search import stored_index
from events.search.stored_index import StoredIndex, read_stored
from tests.eventmate import heaps

AT = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
PARTS = {"tag": {"rock\nroll": BitMap([3, 70_000]).serialize(), "empty": b""}, "é": {"": b"\n\0"}}


def unpacked(parts, built_at):
    return parts


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_what_was_stored_is_read_whole_however_it_is_sent(monkeypatch, size):
    monkeypatch.setattr(stored_index, "SLICE", size)
    monkeypatch.setattr(stored_index, "SLICES", 3)
    index = StoredIndex("of-a-test", unpacked)

    index.store(
        1, AT, [(kind, key, part) for kind, of in PARTS.items() for key, part in of.items()]
    )

    assert index.get() == PARTS
    assert read_stored("of-a-test").built_at == AT
    assert read_stored("another") is None


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries do not tell")
@pytest.mark.django_db
def test_a_connection_keeps_no_memory_for_the_whole_of_it():
    content = random.Random(1).randbytes(2**22)
    SearchIndex.objects.create(name="of-a-test", version=1, built_at=AT, content=content)
    before = heaps.in_use()

    assert read_stored("of-a-test").content == content
    in_slices = heaps.in_use()
    assert bytes(SearchIndex.objects.get(name="of-a-test").content) == content
    at_once = heaps.in_use()

    assert in_slices - before < len(content) / 10
    assert at_once - before > len(content)
