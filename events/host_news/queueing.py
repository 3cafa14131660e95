"""Finding out who has news of the hosts that they follow, and queueing a mail for each of them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.types import JSONValue

from eventmate.jobs import defer_in_transaction
from events.host_news.news import News, news_for
from events.host_news.sending import send_host_news
from events.models import HostNews, NewsReader, ToldEvent
from events.news_readers import NewsReaderQuerySet
from events.search.horizon import listing_horizon
from events.weekly_mail import KEPT, PRIORITY, due_zones

# Locked while their news is looked for, which takes one query for all of them.
BATCH_SIZE = 100
FORGOTTEN_AT_ONCE = 2000


def queue_host_news(now: dt.datetime | None = None) -> int:
    """Queue a mail for each reader who has news and was not looked at since their Thursday morning.
    Returns how many. ``now`` is an aware instant.
    """
    now, horizon = now or timezone.now(), listing_horizon()
    readers = NewsReader.objects.mailed()
    return sum(
        _queue_all(
            readers.filter(user__timezone=zone, looked_at__lt=morning), until=horizon, now=now
        )
        for zone, morning in due_zones(readers, now)
    )


def forget_old_news() -> None:
    """Mail that was given up, after two weeks in which an operator could start its job again; and
    who was told of events that are over.
    """
    HostNews.objects.filter(queued_at__lt=timezone.now() - KEPT).delete()
    over = ToldEvent.objects.filter(event__ends_at__lt=timezone.now() - KEPT).order_by()
    while some := list(over.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
        ToldEvent.objects.filter(pk__in=some).delete()


def _queue_all(due: NewsReaderQuerySet, *, until: dt.datetime, now: dt.datetime) -> int:
    queued = 0
    while (mails := _queue_batch(due, until=until, now=now)) is not None:
        queued += mails
    return queued


@transaction.atomic
def _queue_batch(due: NewsReaderQuerySet, *, until: dt.datetime, now: dt.datetime) -> int | None:
    """How many mails were queued for those that have waited longest; None where nobody is due.

    That a reader was looked at, what they are told and their mail are written together. Whoever
    else looks for news now has other readers.
    """
    readers = list(
        due.longest_waiting().select_for_update(of=("self",), skip_locked=True)[:BATCH_SIZE]
    )
    if not readers:
        return None
    news = news_for(readers, until=until, now=now)
    for reader in readers:
        # A horizon can lie before an earlier one, of which all was told nevertheless.
        reader.told_until = max(reader.told_until, until)
        reader.looked_at = now
        if reader.pk in news:
            reader.mailed_at = now
    NewsReader.objects.bulk_update(readers, ["told_until", "looked_at", "mailed_at"])
    _queue([reader for reader in readers if reader.pk in news], news)
    return len(news)


def _queue(readers: Sequence[NewsReader], news: Mapping[int, News]) -> None:
    if not readers:
        return
    domain = urlsplit(settings.PUBLIC_URL).hostname
    rows = HostNews.objects.bulk_create(
        HostNews(
            reader=reader,
            message_id=make_msgid(domain=domain),
            event_ids=news[reader.pk].event_ids,
            total=news[reader.pk].total,
        )
        for reader in readers
    )
    ToldEvent.objects.bulk_create(
        ToldEvent(reader_id=row.reader_id, event_id=event_id)
        for row in rows
        for event_id in row.event_ids
    )
    jobs: list[dict[str, JSONValue]] = [{"message_id": row.message_id} for row in rows]
    defer_in_transaction(send_host_news, jobs, priority=PRIORITY)
