"""The attendees of an event: tickets of one type after another, or the newest of all types first,
walked by keys, so that the last page of many costs what the first does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bookings.models import Ticket
from bookings.querysets import TicketQuerySet

BATCH_SIZE = 1000


@dataclass(frozen=True, slots=True)
class AttendeePage:
    """Tickets, the newest first, and the keys that the pages beside this one begin from; None
    where there is nothing more.
    """

    tickets: list[Ticket]
    newer: int | None = None
    older: int | None = None


def page_of_attendees(
    tickets: TicketQuerySet,
    ticket_type_ids: Sequence[int],
    *,
    size: int,
    after: int | None = None,
    before: int | None = None,
) -> AttendeePage:
    """The newest tickets, or those that are older than ``after``, or newer than ``before``: two
    queries.
    """
    backwards = before is not None
    keys = _keys(tickets, ticket_type_ids, size + 1, after=after, before=before)
    has_more = len(keys) > size
    keys = keys[:size]
    if not keys:
        return AttendeePage([])
    rows = Ticket.objects.filter(pk__in=keys).for_attendees().order_by("-pk")
    has_newer = has_more if backwards else after is not None
    has_older = True if backwards else has_more
    return AttendeePage(
        list(rows),
        newer=max(keys) if has_newer else None,
        older=min(keys) if has_older else None,
    )


def batches_of_attendees(
    tickets: TicketQuerySet, ticket_type_ids: Sequence[int]
) -> Iterator[list[Ticket]]:
    """All tickets, type by type in this order."""
    for ticket_type_id in ticket_type_ids:
        of_type = tickets.filter(ticket_type=ticket_type_id).select_related(
            "booking", "ticket_type", "check_in"
        )
        last = 0
        while batch := list(of_type.filter(pk__gt=last).order_by("pk")[:BATCH_SIZE]):
            last = batch[-1].pk
            yield batch


def _keys(
    tickets: TicketQuerySet,
    ticket_type_ids: Sequence[int],
    size: int,
    *,
    after: int | None,
    before: int | None,
) -> list[int]:
    """The index has them by type: the first of each type, of which the first are taken.

    A range of one type, and its place in the order, as PostgreSQL would take the newest tickets of
    all events for an equality, and look through them for those of the type.
    """
    sign = "" if before is not None else "-"
    if before is not None:
        tickets = tickets.filter(pk__gt=before)
    elif after is not None:
        tickets = tickets.filter(pk__lt=after)
    parts = [
        tickets.filter(ticket_type__gte=pk, ticket_type__lte=pk)
        .order_by(f"{sign}ticket_type_id", f"{sign}id")
        .values_list("id", flat=True)[:size]
        for pk in ticket_type_ids
    ]
    if not parts:
        return []
    first, *others = parts
    return list(first.union(*others, all=True).order_by(f"{sign}id")[:size] if others else first)
