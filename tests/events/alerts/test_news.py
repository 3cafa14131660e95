"""What a saved search tells of: each match once."""

import datetime as dt

import pytest
from django.utils import timezone

from events.alerts.composing import compose
from events.alerts.news import news_of
from events.alerts.queueing import queue_instant_alerts
from events.models import Alert, EventStatus, Listing
from events.services.publishing import cancel_event, publish_event
from tests.events.alerts.mailbox import (
    an_hour_passes,
    days_pass,
    instant_mail,
    instant_search,
    send_queued,
    told_until,
)
from tests.factories import (
    CategoryFactory,
    CityFactory,
    EventFactory,
    TicketTypeFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db


def text_of(mail):
    (message,) = mail
    return message.body


def test_new_event_that_matches_is_told_and_others_are_not():
    berlin = CityFactory(slug="berlin")
    instant_search("q=swing&city=berlin")
    EventFactory(title="Night Swing", city=berlin)
    EventFactory(title="Rock Night", city=berlin, summary="", description="")
    EventFactory(title="Far Swing")

    text = text_of(instant_mail())

    assert "Night Swing" in text
    assert "Rock Night" not in text
    assert "Far Swing" not in text


def test_match_is_told_once():
    instant_search()
    EventFactory(title="First")
    assert "First" in text_of(instant_mail())

    an_hour_passes()
    assert instant_mail() == []

    EventFactory(title="Second")
    text = text_of(instant_mail())
    assert "Second" in text
    assert "First" not in text


def test_event_that_was_there_before_the_search_is_not_told():
    EventFactory()
    told_until(instant_search(), timezone.now())

    assert instant_mail() == []


def test_draft_that_is_published_a_week_later_is_new_then():
    draft = EventFactory(title="Long planned", status=EventStatus.DRAFT)
    type(draft).objects.update(created_at=timezone.now() - dt.timedelta(days=7))
    instant_search()
    assert instant_mail() == []

    publish_event(event=draft)

    assert "Long planned" in text_of(instant_mail())


def test_change_of_an_event_makes_no_news():
    event = EventFactory()
    listed_at = Listing.objects.get().listed_at
    told_until(instant_search(), timezone.now())

    event.title = "Another title"
    event.save()
    TicketTypeFactory(event=event)

    assert Listing.objects.get().listed_at == listed_at
    assert instant_mail() == []


def test_event_that_is_cancelled_before_the_mail_goes_out_is_not_in_it():
    instant_search()
    event, _other = EventFactory(title="Off"), EventFactory(title="On")

    queue_instant_alerts()
    cancel_event(event=event)

    text = text_of(send_queued())
    assert "Off" not in text
    assert "On" in text


@pytest.mark.parametrize("days_ago", [0, 1])
def test_days_that_a_search_reaches_bring_news_without_a_new_event(days_ago):
    """ "Next 7 days" is told of what comes within seven days, whenever it was listed."""
    EventFactory(title="In six days", starts_at=days_from_now(6, zone="UTC"))
    search = told_until(instant_search("when=week"), timezone.now())
    days_pass(search, days_ago)

    told = instant_mail()

    assert bool(told) == (days_ago > 0)


def test_what_the_days_of_a_search_had_reached_is_not_told_again():
    EventFactory(title="In three days", starts_at=days_from_now(3, zone="UTC"))
    search = told_until(instant_search("when=week"), timezone.now())
    days_pass(search, 1)

    assert instant_mail() == []


def test_mail_has_ten_events_and_says_how_many_more():
    instant_search()
    for day in range(1, 13):
        EventFactory(
            title=f"Evening number {day:02}", starts_at=timezone.now() + dt.timedelta(days=day)
        )

    text = text_of(instant_mail())

    assert "Evening number 01" in text
    assert "Evening number 10" in text
    assert "Evening number 11" not in text
    assert "And 2 more." in text


def test_mail_about_ten_thousand_events_is_no_longer_than_one_about_eleven():
    search = instant_search()
    events = EventFactory.create_batch(10)
    sizes = []
    for total in (11, 10_000):
        alert = Alert(search=search, event_ids=[event.pk for event in events], total=total)
        sizes.append(len(compose(alert).message().as_bytes()))
    mail = compose(alert)

    assert mail.subject == "10,000 new events · All events"
    assert "And 9,990 more." in mail.body
    assert sizes[1] - sizes[0] < 50


def test_news_of_days_that_were_reached_is_told_where_the_horizon_moved_back():
    """As where a long transaction wrote its first row after the search was looked at."""
    now = timezone.now()
    event = EventFactory(starts_at=days_from_now(6, zone="UTC"))
    search = told_until(instant_search("when=week"), timezone.now())
    days_pass(search, 1)
    search.refresh_from_db()

    news = news_of(search, until=now - dt.timedelta(hours=1), now=timezone.now())

    assert news.event_ids == [event.pk]


def test_search_whose_category_is_gone_tells_nothing_and_holds_up_no_other():
    category = CategoryFactory(slug="music")
    instant_search("category=music")
    instant_search()
    category.delete()
    EventFactory()

    assert len(instant_mail()) == 1
