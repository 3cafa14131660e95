"""A worker is killed while it looks for news."""

import datetime as dt
import signal

import psycopg
import pytest
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from events.host_news.queueing import BATCH_SIZE
from events.models import HostNews, NewsReader
from health.services import resume_stalled_jobs
from tests.eventmate.machine import wait_until
from tests.events.host_news.mailbox import event_of, follower_of
from tests.factories import HostFactory
from tests.job_worker import database_url, forget_dead_workers, running_worker

pytestmark = pytest.mark.timeout(300)

PEOPLE = BATCH_SIZE + 5
NOON = 12


def zone_where_it_is_noon() -> str:
    """East of Greenwich these have a minus."""
    return f"Etc/GMT{timezone.now().hour - NOON:+d}"


def is_done() -> bool:
    return not ProcrastinateJob.objects.filter(
        task_name__in=["events.queue_host_news", "events.send_host_news"]
    ).exists()


def told() -> int:
    return NewsReader.objects.exclude(mailed_at=None).count()


def test_worker_killed_between_batches_tells_nobody_twice_and_forgets_nobody(
    visible_jobs, mail_server, tmp_path
):
    host = HostFactory()
    readers = [follower_of(host, zone=zone_where_it_is_noon()) for _ in range(PEOPLE)]
    # The last one's turn comes in the second batch.
    for number, reader in enumerate(readers):
        waits = dt.timedelta(days=30) - dt.timedelta(minutes=number)
        NewsReader.objects.filter(pk=reader.pk).update(looked_at=timezone.now() - waits)
    event = event_of(host)
    app.configure_task("events.queue_host_news").defer(timestamp=0)
    with psycopg.connect(database_url()) as other:
        # What the second batch has to wait for.
        other.execute(
            "INSERT INTO events_toldevent (reader_id, event_id) VALUES (%s, %s)",
            [readers[-1].pk, event.pk],
        )
        with running_worker(tmp_path, mail=mail_server.url, queues="default,mail") as worker:
            wait_until(lambda: told() == BATCH_SIZE)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        other.rollback()
    assert told() == BATCH_SIZE

    forget_dead_workers()
    resume_stalled_jobs()
    with running_worker(tmp_path, mail=mail_server.url, queues="default,mail"):
        wait_until(lambda: told() == PEOPLE)
        wait_until(is_done)

    assert not HostNews.objects.exists()
    recipients = [mail["To"] for mail in mail_server.taken]
    assert sorted(recipients) == sorted(reader.user.email for reader in readers)
