"""Counting new accounts and events, day by day."""

import datetime as dt
from collections import Counter

from django.contrib.auth import get_user_model
from django.db.models import Count
from django.db.models.functions import TruncDate

from bookings.figures.periods import first_monday_shown
from bookings.models import DailyGrowth
from events.models import Event, EventStatus


def count_growth() -> None:
    """Count anew all that is shown, as drafts are published later."""
    first = first_monday_shown()
    begin = dt.datetime.combine(first, dt.time.min, dt.UTC)
    users, events = Counter[dt.date](), Counter[dt.date]()
    accounts = get_user_model().objects.filter(date_joined__gte=begin)
    users.update(dict(accounts.values_list(TruncDate("date_joined")).annotate(Count("pk"))))
    made = Event.objects.filter(created_at__gte=begin).exclude(status=EventStatus.DRAFT).order_by()
    events.update(dict(made.values_list(TruncDate("created_at")).annotate(Count("pk"))))
    DailyGrowth.objects.filter(day__lt=first).delete()
    DailyGrowth.objects.bulk_create(
        [DailyGrowth(day=day, users=users[day], events=events[day]) for day in {*users, *events}],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["users", "events"],
    )
