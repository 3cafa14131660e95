"""What is sold and looked at, day by day: docs/adr/0029-figures.md."""

from typing import ClassVar

from django.db import models

from events.models import Event, TicketType
from events.sources import LONGEST


class DailySales(models.Model):
    """The tickets of confirmed bookings, by the day at the event's place on which they were booked.
    What has changed since is in SalesChange.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    ticket_type = models.ForeignKey(
        TicketType, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    source = models.CharField(max_length=LONGEST, blank=True)
    currency = models.CharField(max_length=3)
    tickets = models.IntegerField()
    revenue = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering: ClassVar = ["day", "pk"]
        verbose_name = "sales of a day"
        verbose_name_plural = "figures by day"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "day", "ticket_type", "source", "currency"],
                name="daily_sales_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.tickets}"


class PlatformSales(models.Model):
    """What all events together sold on a day, each day at the event's place: a sum of DailySales,
    as there are too many of these to add up for a page.
    """

    day = models.DateField()
    currency = models.CharField(max_length=3)
    tickets = models.IntegerField()
    revenue = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        ordering: ClassVar = ["day", "currency"]
        verbose_name_plural = "platform sales"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "currency"], name="platform_sales_unique")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.tickets}"


class DailyVisits(models.Model):
    """How often an event's page was looked at on a day at its place, and how many bookings that
    were confirmed then still stand. What has changed of these since is in SalesChange.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    views = models.PositiveIntegerField(default=0, db_default=0)
    bookings = models.IntegerField(default=0, db_default=0)

    class Meta:
        ordering: ClassVar = ["day", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "day"], name="daily_visits_unique")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.views}"


class DailyGrowth(models.Model):
    """The accounts and the events that were made on a day in UTC; of events, those that have been
    published. A job counts them anew for the days that are shown.
    """

    day = models.DateField(primary_key=True)
    users = models.PositiveIntegerField()
    events = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["day"]
        verbose_name = "growth of a day"
        verbose_name_plural = "growth by day"

    def __str__(self) -> str:
        return f"{self.day}: {self.users} users, {self.events} events"


class SalesChange(models.Model):
    """What a change of a booking or of a ticket adds to the figures, or takes from them. Triggers
    write it in the same transaction (models/sales_triggers.py); a job adds it to the days, and
    deletes it.

    One without a ticket type is of bookings, one with a ticket type is of tickets.
    """

    event = models.ForeignKey(
        Event, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    booked_at = models.DateTimeField()
    ticket_type = models.ForeignKey(
        TicketType,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    source = models.CharField(max_length=LONGEST)
    currency = models.CharField(max_length=3)
    bookings = models.IntegerField()
    tickets = models.IntegerField()
    revenue = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.bookings:+} bookings, {self.tickets:+} tickets"
