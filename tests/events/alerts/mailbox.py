"""People with saved searches, and the mail that they get."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from events.alerts.queueing import queue_instant_alerts
from events.forms.saved_search import SaveSearchForm
from events.models import MailFrequency, SavedSearch
from events.services.saved_searches import save_search
from tests.factories import SavedSearchFactory, UserFactory

HOUR = dt.timedelta(hours=1)
THURSDAY = dt.datetime(2101, 6, 2)  # on the wall


def person(*, is_verified: bool = True, **fields: Any) -> Any:
    user = UserFactory(**fields)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=is_verified)
    return user


def instant_search(query: str = "", *, user: Any = None, name: str = "") -> SavedSearch:
    """Saved as people do; last looked at a minute ago."""
    form = SaveSearchForm({"query": query, "frequency": MailFrequency.INSTANT, "name": name})
    assert form.is_valid(), form.errors
    search = save_search(
        user=user or person(),
        criteria=form.criteria,
        has_moving_days=form.has_moving_days,
        **form.cleaned_data,
    )
    return told_until(search, timezone.now() - dt.timedelta(minutes=1))


def at(hour: int, day: int = 0, zone: str = "Asia/Tokyo") -> dt.datetime:
    local = THURSDAY + dt.timedelta(days=day, hours=hour)
    return local.replace(tzinfo=ZoneInfo(zone))


def weekly_search(zone: str = "Asia/Tokyo", **fields: Any) -> SavedSearch:
    """Last looked at on the Wednesday before."""
    return SavedSearchFactory(
        user=person(timezone=zone),
        frequency=MailFrequency.WEEKLY,
        looked_at=at(12, -1, zone),
        **fields,
    )


def send_queued() -> list[EmailMultiAlternatives]:
    """Run the jobs that send alerts, and return what they sent."""
    mail.outbox.clear()
    for job in ProcrastinateJob.objects.filter(task_name="events.send_alert").order_by("pk"):
        app.tasks[job.task_name](**job.args)
    return list(mail.outbox)


def instant_mail() -> list[EmailMultiAlternatives]:
    """What goes out now."""
    queue_instant_alerts()
    return send_queued()


def told_until(search: SavedSearch, instant: dt.datetime) -> SavedSearch:
    search.told_until = instant
    search.save(update_fields=["told_until"])
    return search


def an_hour_passes() -> None:
    SavedSearch.objects.update(looked_at=F("looked_at") - HOUR, mailed_at=F("mailed_at") - HOUR)


def days_pass(search: SavedSearch, days: int) -> None:
    SavedSearch.objects.filter(pk=search.pk).update(
        looked_at=timezone.now() - dt.timedelta(days=days), mailed_at=None
    )
