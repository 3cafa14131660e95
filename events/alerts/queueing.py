"""Finding out which saved searches have news, and queueing a mail about each."""

import datetime as dt
import logging
from collections.abc import Iterable
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DataError, transaction
from django.db.models import Max, Min
from django.utils import timezone
from procrastinate.types import JSONValue

from eventmate.jobs import defer_in_transaction
from events.alerts.news import News, news_of
from events.alerts.sending import send_alert
from events.models import Alert, Listing, MailFrequency, SavedSearch
from events.saved_searches import SavedSearchQuerySet
from events.search.horizon import listing_horizon
from events.weekly_mail import KEPT, PRIORITY, due_zones

logger = logging.getLogger(__name__)

# Locked while they are looked at: whoever changes one of them meanwhile waits, but two seconds at
# most (lock_timeout in eventmate/settings/services.py).
BATCH_SIZE = 20
# In which a search has one mail at most, however many events are listed one by one.
REST = dt.timedelta(hours=1)
# New listings, with each of which PostgreSQL is quick to compare every search.
MOST_COMPARED = 1000


def queue_instant_alerts() -> int:
    """Queue a mail for each search that has news and asks to be told at once. Returns how many."""
    now, horizon = timezone.now(), listing_horizon()
    searches = SavedSearch.objects.mailed(MailFrequency.INSTANT).rested(now - REST)
    queued = _queue_all(searches.with_moved_days(since=now - REST), until=horizon, now=now)
    newest = Listing.objects.filter(listed_at__lt=horizon).aggregate(at=Max("listed_at"))["at"]
    if newest is None:
        return queued
    return queued + _queue_new(searches.told_before(newest), until=horizon, now=now)


def _queue_new(due: SavedSearchQuerySet, *, until: dt.datetime, now: dt.datetime) -> int:
    oldest = due.aggregate(at=Min("told_until"))["at"]
    if oldest is None:
        return 0
    new = Listing.objects.filter(listed_at__gte=oldest, listed_at__lt=until)
    if new[: MOST_COMPARED + 1].count() > MOST_COMPARED:
        return _queue_all(due, until=until, now=now)
    likely = list(due.with_likely_news(since=oldest, until=until).values_list("pk", flat=True))
    queued = 0
    for start in range(0, len(likely), BATCH_SIZE):
        some = due.filter(pk__in=likely[start : start + BATCH_SIZE])
        queued += _queue_all(some, until=until, now=now)
    # Those that are left have no news. Most have none for weeks: they are not marked each time.
    quiet = due.filter(told_until__lt=now - REST).exclude(pk__in=likely)
    quiet.update(told_until=until)
    return queued


def queue_weekly_alerts(now: dt.datetime | None = None) -> int:
    """Queue a mail for each search that has news, asks to be told weekly and was not looked at
    since its owner's Thursday morning. Returns how many. ``now`` is an aware instant.
    """
    now, horizon = now or timezone.now(), listing_horizon()
    weekly = SavedSearch.objects.mailed(MailFrequency.WEEKLY)
    return sum(
        _queue_all(
            weekly.filter(user__timezone=zone, looked_at__lt=morning), until=horizon, now=now
        )
        for zone, morning in due_zones(weekly, now)
    )


def delete_unsent_alerts() -> None:
    """Those that were given up: an operator had two weeks to start their jobs again."""
    Alert.objects.filter(queued_at__lt=timezone.now() - KEPT).delete()


def _queue_all(due: SavedSearchQuerySet, *, until: dt.datetime, now: dt.datetime) -> int:
    queued = 0
    while (alerts := _queue_batch(due, until=until, now=now)) is not None:
        queued += alerts
    return queued


@transaction.atomic
def _queue_batch(due: SavedSearchQuerySet, *, until: dt.datetime, now: dt.datetime) -> int | None:
    """How many mails were queued for those that have waited longest; None where none is due.

    That a search was looked at and its mail are written together. Whoever else looks at searches
    now has others.
    """
    searches = list(
        due.select_related("user")
        .longest_waiting()
        .select_for_update(of=("self",), skip_locked=True)[:BATCH_SIZE]
    )
    if not searches:
        return None
    alerts = []
    for search in searches:
        if news := _news_if_it_works(search, until=until, now=now):
            alerts.append(_alert_about(search, news))
            search.mailed_at = now
        # A horizon can lie before an earlier one, of which all was told nevertheless.
        search.told_until = max(search.told_until, until)
        search.looked_at = now
    SavedSearch.objects.bulk_update(searches, ["told_until", "looked_at", "mailed_at"])
    _queue(alerts)
    return len(alerts)


def _news_if_it_works(search: SavedSearch, *, until: dt.datetime, now: dt.datetime) -> News | None:
    """None as well where the search asks what cannot be computed: it comes first again in each
    batch, and must not end the mail of all others.
    """
    try:
        with transaction.atomic():
            return news_of(search, until=until, now=now)
    except (ArithmeticError, ValueError, LookupError, DataError):
        logger.exception("Saved search %s cannot be looked at.", search.pk)
        return None


def _alert_about(search: SavedSearch, news: News) -> Alert:
    message_id = make_msgid(domain=urlsplit(settings.PUBLIC_URL).hostname)
    return Alert(search=search, message_id=message_id, event_ids=news.event_ids, total=news.total)


def _queue(alerts: Iterable[Alert]) -> None:
    rows = Alert.objects.bulk_create(alerts)
    if rows:
        jobs: list[dict[str, JSONValue]] = [{"message_id": row.message_id} for row in rows]
        defer_in_transaction(send_alert, jobs, priority=PRIORITY)
