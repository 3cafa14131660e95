"""A large site, on which each web worker knows of all listings: it finds the same, and at once."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from events.models import Listing
from events.search import facets, finding, kept
from events.search.criteria import Criteria, Sort
from events.search.facet_store import build_facet_index, facet_index
from events.search.finding import Search
from tests.events.search.made import moment, searches, titles
from tests.factories import EventFactory, TicketTypeFactory, days_from_now

pytestmark = pytest.mark.django_db


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

    found = [row["event_id"] for row in Search(online, moment()).page().rows]
    by_rows = Listing.objects.matching(online, at=timezone.now())

    assert event.pk not in found
    assert other.pk in found
    assert Search(online, moment()).total().number in {len(by_rows), len(by_rows) + 1}
    assert titles("xylophone") == ["Xylophone"]


def test_event_that_is_no_longer_on_sale_is_not_among_those_that_are(large_site):
    event = EventFactory()
    TicketTypeFactory(event=event, sales_end=days_from_now(1))
    build_facet_index()
    available = Criteria(is_available=True, sort=Sort.NEWEST)

    def newest(at):
        return Search(available, replace(moment(), at=at)).page().rows[0]["event_id"]

    assert newest(timezone.now()) == event.pk
    assert newest(days_from_now(2)) != event.pk


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


def test_page_goes_on_from_an_event_that_has_moved_to_where_it_is_now(very_large_site):
    search = Search(Criteria(), moment())
    rows = search.page().rows
    moved = Listing.objects.get(pk=rows[-1]["event_id"]).event
    moved.starts_at = rows[2]["starts_at"] + dt.timedelta(seconds=1)
    moved.save()

    search = Search(Criteria(), moment())
    first = search.page(size=4)
    second = search.page(after=str(first.following), size=4)

    ids = [row["event_id"] for row in rows]
    assert [row["event_id"] for row in first.rows] == [*ids[:3], moved.pk]
    assert [row["event_id"] for row in second.rows] == ids[3:7]


def test_total_of_days_beyond_those_that_are_known_is_exact(large_site):
    far = timezone.now() + dt.timedelta(days=600)
    first, _second = (
        EventFactory(starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=2))
        for starts_at in (far, far + dt.timedelta(days=10))
    )
    build_facet_index()
    criteria = Criteria(dates=((first.start_date - dt.timedelta(days=1), first.start_date),))

    assert Search(criteria, moment()).total().number == 1


def test_index_knows_days_beyond_its_last(monkeypatch):
    monkeypatch.setattr("events.search.facet_store.MOST_COUNTED", 0)
    far = timezone.now() + dt.timedelta(days=600)
    event = EventFactory(starts_at=far, ends_at=far + dt.timedelta(hours=2))
    build_facet_index()

    assert event.pk in facet_index().on_dates((timezone.localdate(), None))
    assert event.pk not in facet_index().on_dates((None, timezone.localdate()))
