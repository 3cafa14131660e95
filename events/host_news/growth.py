"""How many follow a host, and since when: numbers, and nobody's name."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from eventmate.plots import Plot
from events.models import Host, HostFollower

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Growth:
    """``weeks`` are the Mondays of the last ones with how many have begun to follow the host then
    and still do, the oldest first.
    """

    total: int
    mailed: int
    recent: int
    weeks: list[tuple[dt.date, int]]

    @property
    def plot(self) -> Plot:
        labels = [f"{monday.day} {monday:%b}" for monday, _ in self.weeks]
        return Plot(
            key="followers",
            title="New followers, by week",
            labels=labels,
            values=[number for _, number in self.weeks],
        )


def growth_of(host: Host) -> Growth:
    """By the calendar of the time zone that is active. Two queries."""
    today = timezone.localdate()
    monday = today - dt.timedelta(days=today.weekday())
    mondays = [monday - dt.timedelta(weeks=number) for number in range(WEEKS - 1, -1, -1)]
    month_ago = timezone.now() - dt.timedelta(days=30)
    followers = HostFollower.objects.filter(host=host).order_by()
    by_week = followers.annotate(week=TruncWeek("followed_at")).values("week")
    counted = {
        row["week"].date(): row["number"]
        for row in by_week.annotate(number=Count("pk")).order_by("-week")[:WEEKS]
    }
    numbers = followers.aggregate(
        total=Count("pk"),
        mailed=Count("pk", filter=Q(is_mailed=True)),
        recent=Count("pk", filter=Q(followed_at__gte=month_ago)),
    )
    return Growth(**numbers, weeks=[(monday, counted.get(monday, 0)) for monday in mondays])
