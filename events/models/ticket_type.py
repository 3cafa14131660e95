import datetime as dt
import enum
from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from eventmate.pages.recording import Shown
from events.models.event import Event
from events.models.shared_capacity import SharedCapacity
from events.models.triggers import (
    FEW_ARE_LEFT,
    NEW_ROWS,
    OLD_ROWS,
    note_changes,
    note_tags,
    refresh_listings,
)
from events.querysets import TicketStockQuerySet, TicketTypeQuerySet

EVENTS = (
    "SELECT DISTINCT ticket_type.event_id FROM {} AS stock"
    " JOIN events_tickettype AS ticket_type ON ticket_type.id = stock.ticket_type_id"
)


class SaleState(enum.StrEnum):
    """Whether tickets of a type can be booked, and if not, why."""

    ON_SALE = "on_sale"
    SOLD_OUT = "sold_out"
    NOT_STARTED = "not_started"
    CLOSED = "closed"


class TicketType(Shown, models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="ticket_types")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=200, blank=True)
    price = models.DecimalField(
        max_digits=10, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    currency = models.CharField(
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}\Z", "Three capitals, such as EUR (ISO 4217).")],
    )
    sales_start = models.DateTimeField(null=True, blank=True)
    sales_end = models.DateTimeField(
        null=True, blank=True, help_text="Without one, sales end when the event starts."
    )
    min_per_booking = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    max_per_booking = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    is_hidden = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    series_key = models.UUIDField(
        null=True,
        blank=True,
        editable=False,
        help_text="The same for what is the same ticket on each date of a series.",
    )

    objects = TicketTypeQuerySet.as_manager()

    shown_until: ClassVar = ("sales_start", "sales_end")

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(price__gte=0), name="ticket_type_price_valid"),
            models.CheckConstraint(
                condition=Q(min_per_booking__gte=1)
                & Q(max_per_booking__gte=F("min_per_booking"), max_per_booking__lte=100),
                name="ticket_type_booking_limits_valid",
                violation_error_message="The most a booking must be at least the least a booking.",
            ),
            models.CheckConstraint(
                condition=Q(sales_start__isnull=True)
                | Q(sales_end__isnull=True)
                | Q(sales_end__gt=F("sales_start")),
                name="ticket_type_sale_window_valid",
                violation_error_message="Sales must end after they start.",
            ),
            models.UniqueConstraint(
                fields=["series_key", "event"],
                condition=Q(series_key__isnull=False),
                name="ticket_type_series_key_once",
            ),
        ]
        triggers: ClassVar = [
            refresh_listings(
                "list_changed", pgtrigger.Update, "SELECT event_id FROM new_rows", NEW_ROWS
            ),
            *note_changes(
                "SELECT DISTINCT 'event:' || rows.event_id FROM {rows}",
                *(pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_free(self) -> bool:
        return self.price == 0

    @property
    def is_payable(self) -> bool:
        """Whether there is a way to pay for it here, without a code that makes it cheaper."""
        return self.is_free or self.event.allows_pay_at_door

    @property
    def sales_close_at(self) -> dt.datetime:
        return self.sales_end or self.event.starts_at

    @property
    def sale_state(self) -> SaleState:
        now = timezone.now()
        if now >= self.sales_close_at:
            return SaleState.CLOSED
        if self.sales_start is not None and now < self.sales_start:
            return SaleState.NOT_STARTED
        return SaleState.ON_SALE if self.stock.for_sale else SaleState.SOLD_OUT


class TicketStock(models.Model):
    """The places of a ticket type, in a row that bookings do not reference, so that a claim does
    not wait for foreign key locks. Only bookings/services/inventory.py changes ``taken`` and
    ``waiting``, the number of people in line: while there are any, nobody buys past them.

    Whether it shares places with others is here and not in the ticket type, so that a claim reads
    it from the row that it has locked.
    """

    ticket_type = models.OneToOneField(
        TicketType, on_delete=models.CASCADE, related_name="stock", primary_key=True
    )
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0, db_default=0)
    shared_capacity = models.ForeignKey(
        SharedCapacity,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="stocks",
        db_index=False,
    )

    objects = TicketStockQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            # The others of a shared capacity. Most stocks have none.
            models.Index(
                fields=["shared_capacity"],
                name="ticket_stock_shared",
                condition=Q(shared_capacity__isnull=False),
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(taken__gte=0) & Q(taken__lte=F("capacity")),
                name="ticket_stock_never_oversold",
                violation_error_message="The capacity cannot be less than the places taken.",
            )
        ]
        triggers: ClassVar = [
            refresh_listings("list_new", pgtrigger.Insert, EVENTS.format("new_rows"), NEW_ROWS),
            refresh_listings("list_without", pgtrigger.Delete, EVENTS.format("old_rows"), OLD_ROWS),
            # Only where the last place goes, or one comes back, and then at the commit: two
            # bookings that waited for a listing with stocks in hand could wait for each other.
            pgtrigger.Trigger(
                name="list_sold_out",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition(
                    "((OLD.taken < OLD.capacity AND OLD.waiting = 0)"
                    " <> (NEW.taken < NEW.capacity AND NEW.waiting = 0)"
                    " OR OLD.shared_capacity_id IS DISTINCT FROM NEW.shared_capacity_id)"
                ),
                func="""
                    PERFORM events_refresh_listings(ARRAY(
                        SELECT event_id FROM events_tickettype WHERE id = NEW.ticket_type_id
                    ));
                    RETURN NULL;
                """,
            ),
            *note_changes(
                "SELECT DISTINCT 'event:' || ticket_type.event_id FROM {rows}"
                " JOIN events_tickettype AS ticket_type ON ticket_type.id = rows.ticket_type_id",
                *(pgtrigger.Insert, pgtrigger.Delete),
            ),
            # Not of each ticket that is sold: while there are many left, the pages with their
            # number are made anew after some minutes.
            pgtrigger.Trigger(
                name="show_update",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"({FEW_ARE_LEFT} AND OLD.taken <> NEW.taken"
                    " OR (OLD.capacity, OLD.waiting = 0, OLD.shared_capacity_id)"
                    " IS DISTINCT FROM (NEW.capacity, NEW.waiting = 0, NEW.shared_capacity_id))"
                ),
                func=note_tags(
                    "SELECT 'event:' || event_id FROM events_tickettype"
                    " WHERE id = NEW.ticket_type_id"
                ),
            ),
            pgtrigger.Trigger(
                name="share_within_event",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("shared_capacity_id"),
                condition=pgtrigger.Q(new__shared_capacity__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM events_tickettype AS ticket_type
                          JOIN events_sharedcapacity AS shared
                            ON shared.event_id = ticket_type.event_id
                         WHERE ticket_type.id = NEW.ticket_type_id
                           AND shared.id = NEW.shared_capacity_id
                    ) THEN
                        RAISE EXCEPTION 'a ticket type cannot share places of another event'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taken} of {self.capacity} taken"

    @property
    def left(self) -> int:
        """What can still be taken: the least of its own and of what it shares."""
        own = self.capacity - self.taken
        return own if self.shared_capacity is None else min(own, self.shared_capacity.left)

    @property
    def has_own_limit(self) -> bool:
        """Whether it can be sold out before what it shares is."""
        shared = self.shared_capacity
        return shared is None or self.capacity < shared.capacity

    @property
    def for_sale(self) -> int:
        """Places that anyone can book: what is left goes to those who wait first."""
        return 0 if self.waiting else self.left

    def for_sale_beside(self, given_back: SharedCapacity | None) -> int:
        """The same for whoever gives a place back of what it shares."""
        if given_back is None or self.shared_capacity != given_back:
            return self.for_sale
        return 0 if self.waiting else self.capacity - self.taken
