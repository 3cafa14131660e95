import datetime as dt
import random
import time

import pytest
from django.test import override_settings
from django.utils import timezone

from events.models import Event, SearchIndex
from events.search import vocabulary_store
from events.search.likeness import candidates
from events.search.vocabulary import Vocabulary
from events.search.vocabulary_store import build_vocabulary, refresh_vocabulary, vocabulary
from tests.events.importing.conftest import conference
from tests.factories import CategoryFactory, CityFactory, EventFactory, HostFactory

NOWHERE = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture
def large_site(monkeypatch):
    """One whose vocabulary only the job builds."""
    monkeypatch.setattr(vocabulary_store, "SMALL", 0)


def made_older(age):
    SearchIndex.objects.update(built_at=timezone.now() - age)


@pytest.mark.django_db
def test_it_has_the_words_of_what_is_listed_with_the_number_of_listings():
    event = EventFactory(
        title="Nocturne: Chopin & Friends",
        summary="Piano by candlelight.",
        venue="Kulturbrauerei",
        city=CityFactory(name="Köln", aliases="Cologne, Keulen"),
        category=CategoryFactory(name="Classical"),
        host=HostFactory(name="Salon Sechsundzwanzig"),
    )
    EventFactory(title="Chopin again", city=event.city, category=event.category)
    EventFactory(title="Liszt", status="draft")

    known = vocabulary()

    counts = {word: known.count(word) for word in ("nocturne", "chopin", "koln", "classical")}
    assert counts == {"nocturne": 1, "chopin": 2, "koln": 2, "classical": 2}
    assert known.count("candlelight") == known.count("kulturbrauerei") == 1
    assert known.count("sechsundzwanzig") == 1
    assert known.count("cologne") == known.count("keulen") == known.count("koeln") == 0
    assert known.count("liszt") is None
    assert known.count("1") is None


@pytest.mark.django_db
def test_a_word_is_known_by_its_beginning_as_it_is_found_by_it():
    EventFactory(title="Kammermusik")

    known = vocabulary()

    assert known.knows("kam")
    assert known.knows("kammermusik")
    assert not known.knows("ka")
    assert not known.knows("kammermusiker")


@pytest.mark.django_db
@override_settings(CACHES=NOWHERE)
def test_on_a_small_site_a_new_word_is_known_within_half_a_minute_without_a_worker():
    EventFactory(title="Polka")
    assert vocabulary().knows("polka")
    EventFactory(title="Mazurka")
    assert not vocabulary().knows("mazurka")

    made_older(dt.timedelta(seconds=31))

    assert vocabulary().knows("mazurka")


@pytest.mark.django_db
def test_what_did_not_change_is_not_built_again(django_assert_max_num_queries):
    EventFactory(title="Polka")
    vocabulary()
    made_older(dt.timedelta(minutes=9))
    vocabulary()

    with django_assert_max_num_queries(1):
        assert vocabulary().knows("polka")


@pytest.mark.django_db
def test_on_a_large_site_the_job_builds_it(large_site):
    EventFactory(title="Polka")
    assert vocabulary() is None

    assert refresh_vocabulary()
    assert vocabulary().knows("polka")
    EventFactory(title="Mazurka")
    assert not refresh_vocabulary()
    made_older(dt.timedelta(minutes=6))
    assert not vocabulary().knows("mazurka")
    assert refresh_vocabulary()
    assert vocabulary().knows("mazurka")


@pytest.mark.django_db
def test_a_large_sites_worker_looks_for_a_newer_one_every_few_seconds(
    large_site, monkeypatch, django_assert_num_queries
):
    EventFactory(title="Polka")
    build_vocabulary()
    vocabulary()
    EventFactory(title="Mazurka")
    SearchIndex.objects.update(content=Vocabulary.of([("mazurka", 1)], listings=2).pack())
    made_older(dt.timedelta(minutes=-1))  # as another process would have left it

    with django_assert_num_queries(0):
        assert not vocabulary().knows("mazurka")
    later = time.monotonic() + vocabulary_store.CHECKED
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert vocabulary().knows("mazurka")


@pytest.mark.django_db
def test_what_was_committed_late_is_known_in_the_end(large_site):
    EventFactory(title="Polka")
    build_vocabulary()
    Event.objects.update(title="Mazurka")
    build_vocabulary()
    made_older(dt.timedelta(minutes=11))

    assert refresh_vocabulary()


@pytest.mark.django_db
def test_an_import_leaves_it_built(large_site, import_file):
    import_file([conference(name="Mazurka World Congress")], "--as-upcoming")

    assert vocabulary().knows("mazurka")


def test_packing_keeps_every_word_in_whatever_script():
    words = {"jazz": 3, "東京": 0, "москва": 7, "straße": 2**31, "a": 1}

    known = Vocabulary.unpack(Vocabulary.of(words.items(), listings=9).pack())

    assert {word: known.count(word) for word in words} == words
    assert known.listings == 9
    assert Vocabulary.unpack(Vocabulary.of([], listings=0).pack()).words == []


def test_fifty_thousand_words_are_unpacked_and_compared_quickly():
    rng = random.Random(7)
    letters = "etaoinshrdlucmfwypvbgk"
    words = {"".join(rng.choices(letters, k=rng.randrange(4, 14))): 1 for _ in range(50_500)}
    content = Vocabulary.of([*words.items(), ("festival", 9)], listings=9).pack()
    assert len(content) < 1_000_000

    began = time.process_time()
    known = Vocabulary.unpack(content)
    unpacked = time.process_time()
    found = candidates("festvial", known, 4)
    compared = time.process_time()

    assert found[0][0] == "festival"
    assert unpacked - began < 0.25
    assert compared - unpacked < 0.1
