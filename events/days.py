"""The days that "this weekend" and the like mean.

Today is by the visitor's time zone, UTC where none is active. An event is on a day if it is by the
calendar of its own place.
"""

import datetime as dt

from django.db import models
from django.utils import timezone

SATURDAY = 5


class When(models.TextChoices):
    TODAY = "today", "Today"
    TOMORROW = "tomorrow", "Tomorrow"
    WEEKEND = "weekend", "This weekend"
    NEXT_WEEKEND = "next-weekend", "Next weekend"
    WEEK = "week", "Next 7 days"
    NEXT_WEEK = "next-week", "Next week"
    MONTH = "month", "Next 30 days"


def next_day_begins() -> dt.datetime:
    """When what pages call today is another day."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today + dt.timedelta(days=1)


def days_of(when: When, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day. On a Saturday or Sunday the weekend is the running one; next week
    begins on a Monday.
    """
    to_monday, to_saturday = 7 - today.weekday(), SATURDAY - today.weekday()
    first, last = {
        When.WEEKEND: (to_saturday, to_saturday + 1),
        When.NEXT_WEEKEND: (to_saturday + 7, to_saturday + 8),
        When.NEXT_WEEK: (to_monday, to_monday + 6),
        When.TODAY: (0, 0),
        When.TOMORROW: (1, 1),
        When.WEEK: (0, 6),
        When.MONTH: (0, 29),
    }[when]
    return today + dt.timedelta(days=first), today + dt.timedelta(days=last)
