"""The rows that the public lists are made of, which triggers keep."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.utils import timezone

from events.models import Category, City, Event, EventStatus, Host, Listing, TicketStock
from events.services.listings import count_popularity, remove_past_listings
from events.services.publishing import cancel_event, publish_event, reopen_event
from tests.factories import (
    CityFactory,
    EventFactory,
    FavoriteFactory,
    TicketTypeFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db


def listing(event):
    return Listing.objects.get(pk=event.pk)


def commit():
    """What waits for the commit of a booking happens now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_published_event_that_is_not_over_is_listed():
    upcoming = EventFactory()
    EventFactory(status=EventStatus.DRAFT)
    EventFactory(status=EventStatus.CANCELLED)
    EventFactory(starts_at=days_from_now(-3))

    assert [row.pk for row in Listing.objects.all()] == [upcoming.pk]


def test_listing_follows_the_life_of_its_event():
    event = EventFactory(status=EventStatus.DRAFT)

    publish_event(event=event)
    assert listing(event)
    cancel_event(event=event)
    assert not Listing.objects.exists()
    reopen_event(event=event)
    publish_event(event=event)
    assert listing(event)
    event.delete()
    assert not Listing.objects.exists()


def test_listing_says_where_when_and_for_how_much():
    event = EventFactory(
        title="Zürcher Nächte",
        city=CityFactory(latitude=47.37, longitude=8.54, country_code="CH"),
        timezone="Europe/Zurich",
        starts_at=dt.datetime(2101, 6, 1, 22, 30, tzinfo=dt.UTC),
        is_online=True,
        has_hearing_loop=True,
        language="English, Deutsch",
    )
    for price, is_hidden in ((30, False), (12, False), (5, True)):
        TicketTypeFactory(event=event, price=price, is_hidden=is_hidden)

    row = listing(event)

    assert (row.title, row.start_date) == ("zurcher nachte", dt.date(2101, 6, 2))
    assert (row.latitude, row.longitude) == (47.37, 8.54)
    assert (row.lowest_price, row.highest_price) == (12, 30)
    assert set(row.tags) == {
        *(f"category:{event.category_id}", f"city:{event.city_id}", f"host:{event.host_id}"),
        *("country:CH", "time:night", "attend:online", "attend:in-person"),
        *("access:hearing-loop", "language:english", "language:deutsch"),
    }


@pytest.mark.parametrize(
    ("hour", "part"),
    [(4, "night"), (5, "morning"), (12, "afternoon"), (17, "evening"), (22, "night")],
)
def test_part_of_the_day_is_by_the_clock_of_the_place(hour, part):
    event = EventFactory(timezone="Asia/Tokyo", starts_at=days_from_now(3, hour, "Asia/Tokyo"))

    assert f"time:{part}" in listing(event).tags


def test_whole_days_are_no_part_of_the_day():
    event = EventFactory(
        timezone="UTC",
        is_all_day=True,
        starts_at=dt.datetime(2101, 6, 1, tzinfo=dt.UTC),
        ends_at=dt.datetime(2101, 6, 2, tzinfo=dt.UTC),
    )

    assert not [tag for tag in listing(event).tags if tag.startswith("time:")]


def test_own_position_comes_before_that_of_the_city():
    event = EventFactory(latitude=1.5, longitude=2.5)

    assert (listing(event).latitude, listing(event).longitude) == (1.5, 2.5)


@pytest.mark.parametrize(
    "change",
    [
        lambda event: Event.objects.filter(pk=event.pk).update(title="Otters"),
        lambda event: City.objects.filter(pk=event.city_id).update(aliases="Otters, Lutra"),
        lambda event: Category.objects.filter(pk=event.category_id).update(name="Otters"),
        lambda event: Host.objects.filter(pk=event.host_id).update(name="Otters"),
    ],
    ids=["event", "city", "category", "host"],
)
def test_what_is_renamed_is_found_by_its_new_name(client, change):
    event = EventFactory()
    assert not client.get("/events/?q=otters&exact=1").context["page"].events

    change(event)

    assert client.get("/events/?q=otters&exact=1").context["page"].events == [event]


def test_price_that_changes_is_listed():
    ticket_type = TicketTypeFactory(price=20)

    ticket_type.price = 0
    ticket_type.save()
    assert "price:free" in listing(ticket_type.event).tags
    ticket_type.delete()
    assert listing(ticket_type.event).lowest_price is None


def test_sold_out_event_is_not_available_until_a_place_comes_back():
    ticket_type = TicketTypeFactory(capacity=5, taken=4)
    stock = TicketStock.objects.filter(pk=ticket_type.pk)
    now = timezone.now()
    assert Listing.objects.available(now).exists()
    stock.update(taken=5)
    commit()
    assert not Listing.objects.available(now).exists()
    stock.update(taken=4, waiting=1)
    commit()
    assert not Listing.objects.available(now).exists()
    stock.update(waiting=0)
    commit()
    assert Listing.objects.available(now).exists()


def test_booking_that_leaves_places_does_not_touch_the_listing():
    ticket_type = TicketTypeFactory(capacity=5, taken=1)
    before = version()

    TicketStock.objects.filter(pk=ticket_type.pk).update(taken=2)
    commit()

    assert version() == before


def test_sale_that_has_not_begun_or_is_over_is_not_available():
    now = timezone.now()
    TicketTypeFactory(sales_start=now + dt.timedelta(hours=1))
    TicketTypeFactory(sales_end=now - dt.timedelta(hours=1))
    on_sale = TicketTypeFactory(sales_end=now + dt.timedelta(hours=1))

    assert [row.pk for row in Listing.objects.available(timezone.now())] == [on_sale.event_id]


def test_what_cannot_be_paid_here_is_not_available():
    TicketTypeFactory(price=10, event__allows_pay_at_door=False)

    assert not Listing.objects.available(timezone.now()).exists()


def test_change_that_no_list_shows_leaves_the_version_as_it_is():
    event = EventFactory()
    before = version()

    Event.objects.filter(pk=event.pk).update(website="https://example.org/")
    assert version() == before
    Event.objects.filter(pk=event.pk).update(venue="Somewhere else")
    assert version() > before


def test_bulk_work_can_list_later():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL eventmate.lists_later = 'on'")
        event = EventFactory()
        assert not Listing.objects.exists()
        cursor.execute("SET LOCAL eventmate.lists_later = 'off'")
        cursor.execute("SELECT events_refresh_listings(%s)", [[event.pk]])

    assert listing(event)


def test_job_removes_what_is_over():
    over, upcoming = EventFactory(), EventFactory()
    Listing.objects.filter(pk=over.pk).update(ends_at=timezone.now())

    assert remove_past_listings() == 1
    assert [row.pk for row in Listing.objects.all()] == [upcoming.pk]


def test_job_counts_places_taken_and_favourites():
    ticket_type = TicketTypeFactory(capacity=20, taken=3)
    FavoriteFactory.create_batch(2, event=ticket_type.event)
    TicketStock.objects.filter(pk=ticket_type.pk).update(taken=8)

    assert count_popularity() == 1
    assert listing(ticket_type.event).popularity == 10
    assert count_popularity() == 0


def version():
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM events_listing_version")
        return cursor.fetchone()[0]
