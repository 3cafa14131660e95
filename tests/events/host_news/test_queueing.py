"""Who is told of new events of hosts, how often, and that nobody is told twice or never."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from events.host_news import queueing
from events.host_news.news import MOST_TOLD
from events.host_news.queueing import queue_host_news
from events.models import EventStatus, HostNews, NewsReader, ToldEvent
from events.services.follows import follow, unfollow
from tests.events.alerts.mailbox import at, person
from tests.events.host_news.mailbox import event_of, follower_of, host_news
from tests.factories import EventFactory, HostFactory


@pytest.mark.django_db
def test_follower_is_told_of_new_events_and_of_no_other_host_s():
    host = HostFactory(name="The Blue Room")
    follower_of(host)
    event_of(host, "Organ Night")
    event_of(HostFactory(), "Polka")

    (mail,) = host_news()

    assert mail.subject == "Organ Night · The Blue Room"
    assert "Organ Night" in mail.body
    assert "Polka" not in mail.body


@pytest.mark.django_db
def test_nothing_new_is_no_mail():
    host = HostFactory()
    event_of(host)
    follow(host=host, user=(user := person(timezone="Asia/Tokyo")))
    NewsReader.objects.filter(user=user).update(looked_at=at(12, -1))

    assert host_news() == []


@pytest.mark.django_db
def test_all_hosts_come_in_one_mail_with_a_way_out_of_each():
    hosts = [HostFactory(name=name) for name in ("Blue Room", "Attic", "Cellar")]
    follower_of(*hosts)
    for host in hosts[:2]:
        event_of(host, f"At the {host}")

    (mail,) = host_news()

    assert mail.subject == "2 new events · Attic and 1 more"
    assert mail.body.index("At the Attic") < mail.body.index("At the Blue Room")
    assert mail.body.count("/follows/unsubscribe/") == 3
    assert "Cellar" not in mail.body


@pytest.mark.django_db
def test_mail_goes_out_once_a_week_on_thursday_in_daytime_of_each_reader():
    host = HostFactory()
    follower_of(host)
    follower_of(host, zone="America/New_York")
    event_of(host)

    assert queue_host_news(at(7)) == 0
    assert queue_host_news(at(8)) == 1
    assert queue_host_news(at(8, zone="America/New_York")) == 1
    event_of(host)
    assert queue_host_news(at(9, 1)) == 0
    assert queue_host_news(at(7, 7)) == 0
    assert queue_host_news(at(8, 7)) == 1
    assert queue_host_news(at(8, 7, zone="America/New_York")) == 1


@pytest.mark.django_db
def test_event_that_is_published_anew_is_not_told_twice():
    host = HostFactory()
    reader = follower_of(host)
    event = event_of(host)
    assert len(host_news()) == 1

    for status in (EventStatus.DRAFT, EventStatus.PUBLISHED):
        event.status = status
        event.save()

    assert queue_host_news(at(8, 7)) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        ToldEvent.objects.create(reader=reader, event=event)


@pytest.mark.django_db
def test_event_that_is_cancelled_or_deleted_before_the_mail_goes_out_is_not_told():
    host = HostFactory()
    follower_of(host)
    cancelled, deleted = event_of(host), event_of(host)
    assert queue_host_news(at(8)) == 1

    cancelled.status = EventStatus.CANCELLED
    cancelled.save()
    deleted.delete()

    assert host_news() == []
    assert not HostNews.objects.exists()


@pytest.mark.django_db
def test_event_that_is_over_or_a_draft_is_not_told():
    host = HostFactory()
    follower_of(host)
    EventFactory(host=host, starts_at=at(19, -3))
    event_of(host, status=EventStatus.DRAFT)

    assert host_news() == []


@pytest.mark.django_db
def test_who_has_stopped_to_follow_or_to_want_mail_by_then_is_not_told():
    host = HostFactory()
    gone, quiet = follower_of(host), follower_of(host)
    event_of(host)
    assert queue_host_news(at(8)) == 2

    unfollow(host=host, user=gone.user)
    quiet.user.followed_hosts.update(is_mailed=False)

    assert host_news() == []


@pytest.mark.django_db
def test_only_an_open_account_with_an_address_known_to_be_its_own_gets_mail():
    host = HostFactory()
    follower_of(host, is_verified=False)
    follower_of(host, is_active=False)
    follower_of(host)
    event_of(host)

    assert len(host_news()) == 1


@pytest.mark.django_db
def test_many_new_events_are_told_by_the_first_few_and_a_number():
    host = HostFactory()
    follower_of(host)
    for number in range(MOST_TOLD + 3):
        event_of(host, f"Night {number}")

    (mail,) = host_news()

    assert mail.subject.startswith(f"{MOST_TOLD + 3} new events")
    assert "And 3 more" in mail.body


@pytest.mark.django_db
def test_job_that_runs_twice_sends_one_mail():
    host = HostFactory()
    follower_of(host)
    event_of(host)

    assert (queue_host_news(at(8)), queue_host_news(at(8))) == (1, 0)
    assert len(host_news()) == 1
    assert host_news() == []  # the same jobs once more


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail_to_each_reader(visible_jobs, monkeypatch):
    monkeypatch.setattr(queueing, "BATCH_SIZE", 3)
    host = HostFactory()
    for _ in range(12):
        follower_of(host)
    event_of(host)
    begin = threading.Barrier(2)
    queued = []

    def work():
        begin.wait()
        try:
            queued.append(queue_host_news(at(8)))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(queued) == 12
    assert HostNews.objects.values("reader").distinct().count() == 12


@pytest.mark.django_db
def test_worker_that_dies_between_batches_tells_the_others_later_and_nobody_twice(monkeypatch):
    monkeypatch.setattr(queueing, "BATCH_SIZE", 2)
    host = HostFactory()
    readers = [follower_of(host) for _ in range(5)]
    event_of(host)
    batches = []
    news_for = queueing.news_for

    def die_in_the_second(some, **times):
        batches.append(some)
        if len(batches) == 2:
            raise KeyboardInterrupt
        return news_for(some, **times)

    with monkeypatch.context() as dying:
        dying.setattr(queueing, "news_for", die_in_the_second)
        with pytest.raises(KeyboardInterrupt):
            queue_host_news(at(8))
    assert HostNews.objects.count() == 2
    assert ProcrastinateJob.objects.filter(task_name="events.send_host_news").count() == 2

    told = [address for mail in host_news() for address in mail.to]
    assert sorted(told) == sorted(reader.user.email for reader in readers)


@pytest.mark.django_db
def test_many_readers_cost_what_one_does():
    host = HostFactory()

    def cost() -> int:
        event_of(host)
        NewsReader.objects.update(looked_at=at(12, -1))
        with CaptureQueriesContext(connection) as captured:
            queue_host_news(at(8))
        return sum("SAVEPOINT" not in query["sql"] for query in captured)

    follower_of(host)
    for_one = cost()
    for _ in range(9):
        follower_of(host)

    assert cost() == for_one <= 9


@pytest.mark.django_db
def test_what_was_told_is_forgotten_when_the_event_is_long_over():
    host = HostFactory()
    follower_of(host)
    event = event_of(host)
    host_news()
    queueing.forget_old_news()
    assert ToldEvent.objects.count() == 1

    event.starts_at, event.ends_at = at(19, -36600), at(22, -36600)
    event.save()
    queueing.forget_old_news()

    assert ToldEvent.objects.count() == 0
