"""What Prometheus is told of bookings: what comes of forms, the last check of the inventory, and
mail on its way.
"""

from collections.abc import Iterator
from functools import partial

from django.db import transaction
from django.db.models import Count
from prometheus_client.core import GaugeMetricFamily, Metric

from bookings.exceptions import BookingError
from bookings.models import BookingStatus, InventoryCheck, Message, MessageState
from eventmate.metrics.instruments import BOOKINGS


def count_change(to: BookingStatus, *, bookings: int = 1) -> None:
    """Count bookings that have a new status once the caller's transaction stands."""
    count = BOOKINGS.labels("held" if to is BookingStatus.PENDING else to.value)
    transaction.on_commit(partial(count.inc, bookings), robust=True)


def count_refusal(error: BookingError) -> None:
    """Count a form of which no booking came."""
    BOOKINGS.labels(error.code.value).inc()


class BookingsCollector:
    def collect(self) -> Iterator[Metric]:
        if check := InventoryCheck.objects.first():
            yield from of_inventory(check)
        yield of_messages()


def of_inventory(check: InventoryCheck) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "eventmate_inventory_counters",
        "Counters of places, of people in line and of promo codes that were last recomputed.",
        value=check.counters,
    )
    yield GaugeMetricFamily(
        "eventmate_inventory_differences",
        "Those that were not what the rows said, and were not repaired.",
        value=0 if check.repaired else check.differences,
    )
    yield GaugeMetricFamily(
        "eventmate_inventory_checked_timestamp_seconds",
        "When they were recomputed.",
        value=check.checked_at.timestamp(),
    )


def of_messages() -> Metric:
    """Without those that were sent: the index is of the others, which stay few."""
    found = dict(
        Message.objects.exclude(state=MessageState.SENT)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    messages = GaugeMetricFamily(
        "eventmate_messages", "Mails that were not sent, by state.", labels=["state"]
    )
    for state in MessageState.values:
        if state != MessageState.SENT:
            messages.add_metric([state], found.get(state, 0))
    return messages
