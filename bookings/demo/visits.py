"""How often the events' pages were opened: more often on the days on which much was booked."""

import random
from collections import Counter
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bookings.demo.sales import Sale
from bookings.models import DailyVisits

VIEWS_PER_BOOKING = (6, 24)


def make_visits(rng: random.Random, sales: Iterable[Sale]) -> list[DailyVisits]:
    """Of each event and each day on which somebody wanted to book."""
    sales = list(sales)
    events = {sale.booking.event.slug: sale.booking.event for sale in sales}
    days = Counter(
        (sale.booking.event.slug, sale.booking.created_at.astimezone(_zone(sale)).date())
        for sale in sales
    )
    return [
        DailyVisits(
            event=events[slug],
            day=day,
            views=sum(rng.randint(*VIEWS_PER_BOOKING) for _ in range(bookings)),
        )
        for (slug, day), bookings in days.items()
    ]


def _zone(sale: Sale) -> ZoneInfo:
    return ZoneInfo(sale.booking.event.timezone)
