"""Places that several ticket types share, and which types they are.

Whatever a host changes of an event's places begins with ``lock_places``, before the event and its
ticket types are written: buyers lock in the same order (bookings/services/inventory.py), so that
neither waits for the other in a circle.
"""

from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction
from django.db.models import F

from events.exceptions import EventError, EventRefusal
from events.models import Event, SharedCapacity, TicketStock, TicketType
from events.services.ticket_types import capacity_below_taken


def lock_places(*, event: Event) -> None:
    """Have buyers of the event wait until the caller's transaction ends: its stocks, and then what
    they share, each in primary-key order.
    """
    stocks = TicketStock.objects.filter(ticket_type__event=event.pk)
    shared = SharedCapacity.objects.filter(event=event.pk)
    for rows in (stocks, shared):
        list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))


def create_shared_capacity(*, shared_capacity: SharedCapacity) -> SharedCapacity:
    """Raises EventError: NAME_TAKEN."""
    _store(shared_capacity, force_insert=True)
    return shared_capacity


def change_shared_capacity(*, shared_capacity: SharedCapacity) -> None:
    """Store its name and its capacity. Ticket types without a limit of their own have none
    afterwards either. Raises EventError: CAPACITY_BELOW_TAKEN, with the numbers; NAME_TAKEN.
    """
    capacity = shared_capacity.capacity
    with transaction.atomic():
        lock_places(event=shared_capacity.event)
        stored = SharedCapacity.objects.get(pk=shared_capacity.pk)
        if capacity < stored.taken:
            raise capacity_below_taken(capacity=capacity, taken=stored.taken)
        unlimited = stored.stocks.filter(capacity__gte=stored.capacity)
        unlimited.update(capacity=capacity)
        _store(shared_capacity, update_fields=["name", "capacity"])


def choose_ticket_types(
    *, shared_capacity: SharedCapacity, ticket_types: Collection[TicketType]
) -> None:
    """Have these, and no others, share the places. Raises EventError: DOES_NOT_FIT, with the
    numbers; NO_OWN_LIMIT for one that nothing would limit any more.
    """
    chosen = {row.pk for row in ticket_types}
    with transaction.atomic():
        lock_places(event=shared_capacity.event)
        of_event = TicketType.objects.filter(event=shared_capacity.event_id).with_stock()
        for ticket_type in of_event.filter(stock__isnull=False):
            is_in = ticket_type.stock.shared_capacity_id == shared_capacity.pk
            if ticket_type.pk in chosen:
                share_places(ticket_type=ticket_type, shared_capacity=shared_capacity)
            elif is_in and not ticket_type.stock.has_own_limit:
                raise EventError(
                    EventRefusal.NO_OWN_LIMIT,
                    f"“{ticket_type}” has no limit of its own: say on its page how many there are"
                    f" once it does not share “{shared_capacity}”.",
                )
            elif is_in:
                share_places(ticket_type=ticket_type, shared_capacity=None)


def share_places(*, ticket_type: TicketType, shared_capacity: SharedCapacity | None) -> None:
    """Let a ticket type share these places from now on, or none. What is taken of it goes along.

    Raises EventError: DOES_NOT_FIT, with the numbers.
    """
    with transaction.atomic():
        lock_places(event=ticket_type.event)
        stock = TicketStock.objects.select_related("shared_capacity").get(pk=ticket_type.pk)
        if stock.shared_capacity == shared_capacity:
            return
        if shared_capacity is not None:
            if why := why_it_does_not_fit(stock, shared_capacity):
                raise EventError(EventRefusal.DOES_NOT_FIT, why)
            _change_taken(shared_capacity, stock.taken)
        if stock.shared_capacity is not None:
            _change_taken(stock.shared_capacity, -stock.taken)
        TicketStock.objects.filter(pk=stock.pk).update(shared_capacity=shared_capacity)


def why_it_does_not_fit(stock: TicketStock, shared_capacity: SharedCapacity) -> str:
    """Why what is taken of a ticket type has no place there; empty where it has."""
    now = SharedCapacity.objects.get(pk=shared_capacity.pk)
    if stock.shared_capacity_id == now.pk or stock.taken <= now.left:
        return ""
    places = f"{stock.taken} place{'s are' if stock.taken != 1 else ' is'}"
    return f"{places} taken of this ticket type, and “{now}” has only {now.left} left."


def delete_shared_capacity(*, shared_capacity: SharedCapacity) -> None:
    """Raises EventError: STILL_SHARED while ticket types share it, as they might have no other
    limit.
    """
    with transaction.atomic():
        lock_places(event=shared_capacity.event)
        sharing = TicketType.objects.filter(stock__shared_capacity=shared_capacity)
        if names := ", ".join(f"“{name}”" for name in sharing.values_list("name", flat=True)):
            raise EventError(
                EventRefusal.STILL_SHARED,
                f"These places are still shared by {names}. Take them out of it first.",
            )
        shared_capacity.delete()


def copy_shared_capacities(
    *, source: Event, targets: Iterable[Event]
) -> dict[tuple[int, int | None], SharedCapacity]:
    """Give each of the targets what the source has, with nothing taken; by the primary keys of the
    target and of the original.
    """
    originals = list(source.shared_capacities.all())
    copies: dict[tuple[int, int | None], SharedCapacity] = {
        (target.pk, shared.pk): SharedCapacity(
            event=target, name=shared.name, capacity=shared.capacity
        )
        for target in targets
        for shared in originals
    }
    SharedCapacity.objects.bulk_create(copies.values())
    return copies


def _change_taken(shared_capacity: SharedCapacity, difference: int) -> None:
    SharedCapacity.objects.filter(pk=shared_capacity.pk).update(taken=F("taken") + difference)


def _store(
    shared_capacity: SharedCapacity,
    *,
    force_insert: bool = False,
    update_fields: Collection[str] | None = None,
) -> None:
    try:
        with transaction.atomic():
            shared_capacity.save(force_insert=force_insert, update_fields=update_fields)
    except IntegrityError as error:
        if "shared_capacity_unique_name" not in str(error):
            raise
        raise EventError(
            EventRefusal.NAME_TAKEN, f"This event has shared places “{shared_capacity}” already."
        ) from error
