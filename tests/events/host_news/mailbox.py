"""People who follow hosts, and the mail that they get."""

import datetime as dt
from typing import Any

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from events.host_news.queueing import queue_host_news
from events.models import Event, Host, HostFollower, NewsReader
from tests.events.alerts.mailbox import at, person
from tests.factories import EventFactory, HostFollowerFactory

WEEK = dt.timedelta(days=7)


def follower_of(*hosts: Host, zone: str = "Asia/Tokyo", **fields: Any) -> NewsReader:
    """Last looked at on the Wednesday before."""
    user = person(timezone=zone, **fields)
    for host in hosts:
        HostFollowerFactory(host=host, user=user)
    reader: NewsReader = user.news_reader
    NewsReader.objects.filter(pk=reader.pk).update(looked_at=at(12, -1, zone))
    return reader


def event_of(host: Host, title: str = "Organ Night", **fields: Any) -> Event:
    """Listed now, and after all those Thursdays."""
    return EventFactory(host=host, title=title, starts_at=at(19, 60), **fields)


def host_news(now: dt.datetime | None = None) -> list[EmailMultiAlternatives]:
    """What goes out on the Thursday morning, or at another instant."""
    queue_host_news(now or at(8))
    return send_queued()


def send_queued() -> list[EmailMultiAlternatives]:
    """Run the jobs that send news, and return what they sent."""
    mail.outbox.clear()
    for job in ProcrastinateJob.objects.filter(task_name="events.send_host_news").order_by("pk"):
        app.tasks[job.task_name](**job.args)
    return list(mail.outbox)


def long_ago(follower: HostFollower) -> None:
    HostFollower.objects.filter(pk=follower.pk).update(told_from=timezone.now() - WEEK)
