"""Who came to what is over: most of those who had booked, about when it began."""

import datetime as dt
import random
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from bookings.demo.sales import Sale
from bookings.models import BookingStatus, CheckIn, CheckInWay

if TYPE_CHECKING:
    from accounts.models import User

SHARE_WHO_COME = 0.88
SHARE_SCANNED = 0.9
MINUTES_AFTER_THE_START = (-12, 16)  # on average, and how far they are spread


def make_arrivals(
    rng: random.Random,
    sales: Iterable[Sale],
    at_door: Mapping[str, "User"],
    start_of_day: dt.datetime,
) -> list[CheckIn]:
    """Of events that ended before today, at a place. Those who booked together come together.
    ``at_door`` is who lets them in, by the slug of the host.
    """
    check_ins = []
    for sale in sales:
        event = sale.booking.event
        has_door = event.ends_at <= start_of_day and event.city is not None
        is_confirmed = sale.booking.status == BookingStatus.CONFIRMED
        if not has_door or not is_confirmed or rng.random() > SHARE_WHO_COME:
            continue
        at = event.starts_at + dt.timedelta(minutes=rng.gauss(*MINUTES_AFTER_THE_START))
        how = CheckInWay.CODE if rng.random() < SHARE_SCANNED else CheckInWay.LIST
        check_ins += [
            CheckIn(
                ticket=ticket,
                event=event,
                checked_in_at=min(at + dt.timedelta(seconds=4 * number), event.ends_at),
                checked_in_by=at_door.get(event.host.slug),
                how=how,
            )
            for number, ticket in enumerate(sale.tickets)
        ]
    return check_ins
