import uuid
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.functional import cached_property

from eventmate.pages.recording import Shown
from eventmate.paths import path_of
from eventmate.timezones import validate_time_zone
from events.models.host import Host
from events.models.place import Category, City
from events.models.position import position_constraint
from events.models.series import EventSeries
from events.models.triggers import NEW_ROWS, note_changes, refresh_listings
from events.models.unique_text import unique_text
from events.querysets import EventQuerySet
from events.schedule import Schedule
from events.words import words_of_event

if TYPE_CHECKING:
    from events.models.image import EventImage
    from events.models.ticket_type import TicketType


class EventStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    CANCELLED = "cancelled", "Cancelled"


class LocalDate(Func):
    """The calendar date at the place of the event. PostgreSQL holds both steps immutable."""

    template = "(timezone(%(expressions)s))::date"
    output_field = models.DateField()


class JustBefore(Func):
    """The last moment before an instant. By way of UTC, as only then it is immutable."""

    template = "timezone('UTC', timezone('UTC', %(expressions)s) - interval '1 microsecond')"
    output_field = models.DateTimeField()


def make_uid() -> str:
    return str(uuid.uuid4())


IN_CALENDARS = (
    *("title", "summary", "city_id", "venue", "address", "latitude", "longitude", "is_online"),
    *("starts_at", "ends_at", "is_all_day", "timezone", "status"),
)


def _columns(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in IN_CALENDARS)


class Event(Shown, models.Model):
    """Something that takes place. ``starts_at`` and ``ends_at`` are instants; ``timezone`` is the
    place's own, in which people read them. A whole-day event starts and ends at local midnight.
    """

    uid = models.CharField(
        max_length=255,
        default=make_uid,
        editable=False,
        help_text="The iCalendar UID: the same for ever, whatever else changes.",
    )
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=220, db_index=False)
    summary = models.CharField(max_length=300, blank=True, help_text="One or two sentences.")
    description = models.TextField(blank=True, help_text="Markdown.")
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    city = models.ForeignKey(
        City,
        on_delete=models.PROTECT,
        related_name="events",
        null=True,
        blank=True,
        db_index=False,
        help_text="Empty for an event that is online only, or whose place is not known yet.",
    )
    host = models.ForeignKey(Host, on_delete=models.PROTECT, related_name="events", db_index=False)
    venue = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_online = models.BooleanField("can be attended online", default=False)
    website = models.URLField(max_length=500, blank=True)
    language = models.CharField(
        max_length=60, blank=True, help_text="In which it is held, such as “English, German”."
    )
    is_step_free = models.BooleanField("step-free access", default=False)
    has_hearing_loop = models.BooleanField("hearing loop", default=False)
    has_sign_language = models.BooleanField("sign language or captions", default=False)
    has_companion_ticket = models.BooleanField("free ticket for a companion", default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_all_day = models.BooleanField("whole days", default=False)
    timezone = models.CharField("time zone", max_length=64, validators=[validate_time_zone])
    is_scheduled = models.BooleanField(
        default=True,
        db_default=True,
        help_text="A new draft is not, until it gets its times; those that it has mean nothing.",
    )
    status = models.CharField(max_length=10, choices=EventStatus.choices, default=EventStatus.DRAFT)
    series = models.ForeignKey(
        EventSeries,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="events",
        db_index=False,
    )
    series_day = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="The day of the series that it stands for, whenever it takes place now.",
    )
    allows_pay_at_door = models.BooleanField("can be paid at the door", default=False)
    max_tickets_per_booking = models.PositiveSmallIntegerField(
        "most tickets a booking",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Of all ticket types together. Empty: only their own limits hold.",
    )
    max_tickets_per_person = models.PositiveSmallIntegerField(
        "most tickets a person",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="In all their bookings, by account and e-mail address. Empty: no limit.",
    )
    cancellation_hours = models.PositiveSmallIntegerField(
        "buyers can cancel until",
        null=True,
        blank=True,
        default=0,
        help_text="Hours before the start. 0: until it starts. Empty: not at all.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    sequence = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="The iCalendar SEQUENCE: it rises with each change that calendars show.",
    )

    start_date = models.GeneratedField(
        expression=LocalDate(F("timezone"), F("starts_at")),
        output_field=models.DateField(),
        db_persist=True,
    )
    end_date = models.GeneratedField(
        expression=LocalDate(F("timezone"), JustBefore(F("ends_at"))),
        output_field=models.DateField(),
        db_persist=True,
    )
    is_active = models.GeneratedField(
        expression=Q(status=EventStatus.PUBLISHED),  # type: ignore[arg-type]  # Q is one
        output_field=models.BooleanField(),
        db_persist=True,
    )
    objects = EventQuerySet.as_manager()

    shown_until: ClassVar = ("starts_at", "ends_at")

    if TYPE_CHECKING:  # what querysets.py annotates
        is_favorite: bool
        review_count: int
        average_rating: float | None
        places_taken: int
        capacity: int
        cover_image: str | None
        cover_widths: list[int] | None
        series_number: int
        series_count: int
        offered: list[TicketType]
        pictures: list[EventImage]

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        # The public lists walk the listings (models/listing.py). These are for what must see past
        # events too: sitemaps and deletions by category, city and host, a host's own events, and
        # the dates of the admin.
        indexes: ClassVar = [
            models.Index(fields=["category", "is_active"], name="event_category_active"),
            models.Index(fields=["start_date", "is_active"], name="event_start_date_active"),
            models.Index(fields=["city", "is_active"], name="event_city_active"),
            models.Index(fields=["host", "is_active"], name="event_host_active"),
            # The index of the sitemaps, which has all events that were ever public.
            models.Index(
                fields=["id"],
                include=["updated_at"],
                condition=~Q(status="draft"),
                name="event_sitemap",
            ),
            # The few that are not published, as the admin filters and sorts them.
            models.Index(
                fields=["status", "start_date"],
                condition=Q(status="draft") | Q(status="cancelled"),
                name="event_not_published",
            ),
            # The search of the admin.
            GinIndex(words_of_event(), name="event_words"),
        ]
        constraints: ClassVar = [
            unique_text("uid", "event_uid_unique"),
            unique_text("slug", "event_slug_unique"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="event_ends_after_start",
                violation_error_message="The end must come after the start.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=EventStatus.values), name="event_status_valid"
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(is_scheduled=True), name="event_public_is_scheduled"
            ),
            position_constraint("event_position_valid"),
            models.UniqueConstraint(
                fields=["series", "series_day"],
                condition=Q(series__isnull=False),
                name="event_series_day_once",
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, series_day__isnull=True)
                | Q(series__isnull=False, series_day__isnull=False, is_scheduled=True),
                name="event_series_has_day",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="raise_sequence",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    NEW.sequence = OLD.sequence;
                    IF ({_columns("NEW")}) IS DISTINCT FROM ({_columns("OLD")}) THEN
                        NEW.sequence = OLD.sequence + 1;
                    END IF;
                    RETURN NEW;
                """,
            ),
            refresh_listings("list_new", pgtrigger.Insert, "SELECT id FROM new_rows", NEW_ROWS),
            refresh_listings("list_changed", pgtrigger.Update, "SELECT id FROM new_rows", NEW_ROWS),
            *note_changes(
                "SELECT 'event:' || rows.id FROM {rows}", pgtrigger.Update, pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return path_of("events:detail", self.slug)

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.starts_at, self.ends_at, self.timezone, is_all_day=self.is_all_day)

    @cached_property
    def place_in_series(self) -> tuple[int, int] | None:
        """Such as 3 of 12."""
        if self.series_id is None:
            return None
        row = Event.objects.with_series_number().only("pk").get(pk=self.pk)
        return row.series_number, row.series_count

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def is_published(self) -> bool:
        return self.status == EventStatus.PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        return self.status == EventStatus.CANCELLED
