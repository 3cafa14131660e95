"""One event of the demo's host whose ticket types share the places of its hall."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bookings.demo.tickets import Offer
from events.models import SharedCapacity

if TYPE_CHECKING:
    from accounts.models import User

SPARE = 12
FEWEST_TYPES = 2


def share_hall(offers: Iterable[Offer], host: "User") -> list[SharedCapacity]:
    """Nothing of it is sold out: the hall has some places more than are taken, and at least as many
    as the largest of its ticket types.
    """
    by_event = defaultdict(list)
    for offer in offers:
        event = offer.ticket_type.event
        if event.is_published and event.host.owner is host and not offer.ticket_type.is_hidden:
            by_event[event.uid].append(offer)
    sharing = max(by_event.values(), key=len, default=[])
    if len(sharing) < FEWEST_TYPES:
        return []
    taken = sum(offer.stock.taken for offer in sharing)
    hall = SharedCapacity(
        event=sharing[0].ticket_type.event,
        name="Hall",
        capacity=max(taken + SPARE, *(offer.stock.capacity for offer in sharing)),
        taken=taken,
    )
    for offer in sharing:
        offer.stock.shared_capacity = hall
    return [hall]
