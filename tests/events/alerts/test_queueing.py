"""Who is told, how often, and that nobody is told twice or never."""

import datetime as dt
import threading

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from events.alerts import queueing
from events.alerts.queueing import queue_instant_alerts, queue_weekly_alerts
from events.models import Alert, MailFrequency, SavedSearch
from tests.events.alerts.mailbox import (
    an_hour_passes,
    at,
    instant_mail,
    instant_search,
    person,
    send_queued,
    told_until,
    weekly_search,
)
from tests.factories import CategoryFactory, EventFactory, TicketTypeFactory


@pytest.mark.django_db
@pytest.mark.parametrize("is_verified", [True, False])
def test_only_an_address_that_is_known_to_be_theirs_gets_mail(is_verified):
    instant_search(user=person(is_verified=is_verified))
    EventFactory()

    assert len(instant_mail()) == is_verified


@pytest.mark.django_db
def test_account_that_is_closed_gets_no_mail():
    instant_search(user=person(is_active=False))
    instant_search()
    EventFactory()

    assert len(instant_mail()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("frequency", [MailFrequency.NEVER, MailFrequency.WEEKLY])
def test_search_that_does_not_ask_to_be_told_at_once_is_not(frequency):
    search = instant_search()
    EventFactory()
    SavedSearch.objects.filter(pk=search.pk).update(frequency=frequency)

    assert instant_mail() == []


@pytest.mark.django_db
def test_events_that_are_listed_one_by_one_make_one_mail_an_hour():
    instant_search()
    EventFactory(title="First")
    assert len(instant_mail()) == 1

    EventFactory(title="Second")
    assert instant_mail() == []
    EventFactory(title="Third")
    an_hour_passes()

    (mail,) = instant_mail()
    assert "Second" in mail.body
    assert "Third" in mail.body


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "mails"),
    [
        (at(7), 0),
        (at(8), 1),
        (at(19), 1),
        (at(21), 0),
        (at(3, 1), 0),
        (at(9, 1), 1),
    ],
)
def test_weekly_mail_goes_out_on_thursday_in_daytime_or_when_the_worker_is_back(now, mails):
    weekly_search()
    EventFactory(starts_at=at(19, 20))

    assert queue_weekly_alerts(now) == mails


@pytest.mark.django_db
def test_weekly_mail_is_for_the_morning_of_each_reader():
    weekly_search("Asia/Tokyo")
    weekly_search("America/New_York")
    EventFactory(starts_at=at(19, 20))

    assert queue_weekly_alerts(at(8, zone="Asia/Tokyo")) == 1
    assert queue_weekly_alerts(at(8, zone="America/New_York")) == 1
    assert Alert.objects.values("search").distinct().count() == 2


@pytest.mark.django_db
def test_weekly_mail_goes_out_once_a_week():
    search = weekly_search()
    EventFactory(starts_at=at(19, 20))
    assert queue_weekly_alerts(at(8)) == 1

    EventFactory(starts_at=at(19, 20))
    assert queue_weekly_alerts(at(9)) == 0
    assert queue_weekly_alerts(at(9, 6)) == 0
    assert queue_weekly_alerts(at(8, 7)) == 1
    search.refresh_from_db()
    assert search.looked_at == at(8, 7)


@pytest.mark.django_db
def test_job_that_runs_twice_sends_one_mail():
    instant_search()
    EventFactory()

    assert (queue_instant_alerts(), queue_instant_alerts()) == (1, 0)
    assert len(send_queued()) == 1
    assert send_queued() == []  # the same jobs once more


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail_for_each_search(visible_jobs):
    user = person()
    for number in range(40):
        instant_search(f"max_price={1000 + number}", user=user)
    TicketTypeFactory()
    begin = threading.Barrier(2)
    queued = []

    def work():
        begin.wait()
        queued.append(queue_instant_alerts())
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(queued) == 40
    assert Alert.objects.values("search").distinct().count() == 40


@pytest.mark.django_db
def test_worker_that_dies_in_the_middle_of_a_batch_has_told_nobody(monkeypatch):
    instant_search()
    instant_search()
    EventFactory()
    asked = []

    def die_at_the_second(search, **times):
        asked.append(search)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return queueing_news_of(search, **times)

    queueing_news_of = queueing.news_of
    with monkeypatch.context() as dying:
        dying.setattr(queueing, "news_of", die_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            queue_instant_alerts()

    assert not Alert.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="events.send_alert").exists()
    assert len(instant_mail()) == 2


@pytest.mark.django_db
def test_many_searches_that_an_event_does_not_match_cost_what_one_does():
    def cost_of_an_event() -> int:
        EventFactory()
        with CaptureQueriesContext(connection) as captured:
            assert queue_instant_alerts() == 0
        # The horizon, the days that moved, the newest, the oldest and the new listings, whom they
        # may match, and that nothing matched.
        return sum("SAVEPOINT" not in query["sql"] for query in captured)

    instant_search("q=polka")
    assert cost_of_an_event() <= 7
    for number in range(10):
        instant_search(f"q=polka&max_price={number}")
        instant_search(f"category={CategoryFactory().slug}")

    assert cost_of_an_event() <= 7


@pytest.mark.django_db
def test_after_a_large_import_each_search_looks_for_itself(monkeypatch):
    monkeypatch.setattr(queueing, "MOST_COMPARED", 2)
    instant_search("q=polka")
    instant_search("q=tango")
    for number in range(3):
        EventFactory(title=f"Tango {number}")

    assert len(instant_mail()) == 1


@pytest.mark.django_db
def test_search_that_matched_nothing_for_long_is_told_of_the_next_match():
    search = instant_search("q=polka")
    for _ in range(3):
        EventFactory()
        told_until(search, timezone.now() - dt.timedelta(hours=2))
        queue_instant_alerts()
        search.refresh_from_db()
        assert search.told_until > timezone.now() - dt.timedelta(minutes=1)

    EventFactory(title="Polka")
    assert len(instant_mail()) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_protected", [False, True])
def test_event_whose_transaction_ends_after_others_were_told_is_told_too(
    is_protected, visible_jobs, monkeypatch
):
    """It was listed before them, and nobody could see it then."""
    if not is_protected:
        monkeypatch.setattr(queueing, "listing_horizon", timezone.now)
    instant_search(user=person())
    place = EventFactory(title="Sooner")
    late = threading.Event()
    written = threading.Event()

    def import_slowly():
        with transaction.atomic():
            EventFactory(
                title="Slowly imported", city=place.city, category=place.category, host=place.host
            )
            written.set()
            late.wait(30)
        connections.close_all()

    importing = threading.Thread(target=import_slowly)
    importing.start()
    written.wait(30)
    EventFactory(title="Later", city=place.city, category=place.category, host=place.host)

    told = [mail.body for mail in instant_mail()]
    late.set()
    importing.join()
    an_hour_passes()
    told += [mail.body for mail in instant_mail()]

    times = ["".join(told).count(f"{title}\n") for title in ("Sooner", "Slowly imported", "Later")]
    assert times == [1, int(is_protected), 1]


@pytest.mark.django_db
def test_mail_that_was_given_up_is_deleted_after_two_weeks():
    instant_search()
    EventFactory()
    queue_instant_alerts()

    queueing.delete_unsent_alerts()
    assert Alert.objects.count() == 1
    Alert.objects.update(queued_at=timezone.now() - dt.timedelta(days=15))
    queueing.delete_unsent_alerts()
    assert Alert.objects.count() == 0
