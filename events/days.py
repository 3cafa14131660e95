"""The days that "this weekend" and the like mean.

Today is by the visitor's time zone, UTC where none is active. An event is on a day if it is by the
calendar of its own place.
"""

import datetime as dt

from django.db import models

SATURDAY = 5


class When(models.TextChoices):
    TODAY = "today", "Today"
    TOMORROW = "tomorrow", "Tomorrow"
    WEEKEND = "weekend", "This weekend"
    WEEK = "week", "Next 7 days"
    MONTH = "month", "Next 30 days"


def days_of(when: When, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day. On a Saturday or Sunday the weekend is the running one."""
    if when is When.WEEKEND:
        saturday = today + dt.timedelta(days=SATURDAY - today.weekday())
        return saturday, saturday + dt.timedelta(days=1)
    first, last = {
        When.TODAY: (0, 0),
        When.TOMORROW: (1, 1),
        When.WEEK: (0, 6),
        When.MONTH: (0, 29),
    }[when]
    return today + dt.timedelta(days=first), today + dt.timedelta(days=last)
