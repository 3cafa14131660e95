"""The tickets of the dates that come after one of a series, when that one's are changed."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from events.exceptions import EventError, EventRefusal
from events.models import Event, SharedCapacity, TicketStock, TicketType
from events.services.copying import Copy, copy_ticket_types
from events.services.ticket_types import capacity_below_taken

SALE_TIMES = ("sales_start", "sales_end")


def add_to_following(*, ticket_type: TicketType) -> list[TicketType]:
    """Give the later dates of its series this ticket type, with as many places. Sales start and
    end as many days later as the dates are. Returns the new ones.
    """
    event = ticket_type.event
    with transaction.atomic():
        ticket_type.series_key = uuid.uuid4()
        ticket_type.save(update_fields=["series_key"])
        copies = [_copy(event, date) for date in Event.objects.following(event)]
        copy_ticket_types(
            originals=[ticket_type],
            copies=copies,
            shared=_same_shared(ticket_type, copies),
            is_series=True,
        )
    return [copy.ticket_types[ticket_type.pk] for copy in copies]


def change_following_tickets(
    *, ticket_type: TicketType, names: Collection[str], capacity: int | None = None
) -> list[TicketType]:
    """Give the same ticket of the later dates what the fields of these ``names`` have, and so many
    places; sale times as many days later as the dates are. All or nothing. Returns those that were
    changed.

    Raises EventError: CAPACITY_BELOW_TAKEN or TICKETS_IMPOSSIBLE, with the dates.
    """
    event = ticket_type.event
    with transaction.atomic():
        same = TicketType.objects.filter(
            series_key=ticket_type.series_key, event__in=Event.objects.following(event)
        )
        if capacity is not None:
            _set_capacity(same, capacity)
        tickets = list(same.select_related("event").order_by("pk"))
        for ticket in tickets:
            _change(ticket, ticket_type, names, _copy(event, ticket.event))
        if names:
            TicketType.objects.bulk_update(tickets, names)
    return tickets


def _set_capacity(same: QuerySet[TicketType], capacity: int) -> None:
    stocks = TicketStock.objects.filter(ticket_type__in=same).order_by("pk")
    locked = list(stocks.select_for_update(of=("self",), no_key=True))
    short = {stock.pk: stock.taken for stock in locked if stock.taken > capacity}
    if short:
        refused = same.filter(pk__in=short).select_related("event").order_by("event__starts_at")
        told = [
            (row.event.schedule.dates, capacity_below_taken(capacity=capacity, taken=short[row.pk]))
            for row in refused
        ]
        text = " ".join(f"{date}: {error}" for date, error in told)
        raise EventError(EventRefusal.CAPACITY_BELOW_TAKEN, text)
    TicketStock.objects.filter(pk__in=[stock.pk for stock in locked]).update(capacity=capacity)


def _change(ticket: TicketType, pattern: TicketType, names: Collection[str], copy: Copy) -> None:
    window = dict(zip(SALE_TIMES, copy.window(pattern.sales_start, pattern.sales_end), strict=True))
    for name in names:
        setattr(ticket, name, window[name] if name in window else getattr(pattern, name))
    start, end = ticket.sales_start, ticket.sales_end
    problem = ""
    if start and end and end <= start:
        problem = "sales would end before they start"
    elif ticket.min_per_booking > ticket.max_per_booking:
        problem = "the least a booking would be more than the most"
    if problem:
        raise EventError(
            EventRefusal.TICKETS_IMPOSSIBLE, f"{ticket.event.schedule.dates}: {problem}."
        )


def _copy(event: Event, date: Event) -> Copy:
    days = date.schedule.first_day - event.schedule.first_day
    return Copy(event=date, days=days, zone_name=event.timezone)


def _same_shared(
    ticket_type: TicketType, copies: Collection[Copy]
) -> dict[tuple[int, int | None], SharedCapacity]:
    """What is called as that which the ticket type shares, by the ids of its event and of that."""
    own = ticket_type.stock.shared_capacity
    if own is None:
        return {}
    found = SharedCapacity.objects.annotate(called=Lower("name")).filter(
        event__in=[copy.event.pk for copy in copies], called=own.name.lower()
    )
    return {(shared.event_id, own.pk): shared for shared in found}
