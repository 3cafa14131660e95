"""Events to book, put on sale in a live site's database, and what its rows say of them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import psycopg

from loadtests.site import LiveSite

# The factories of the tests, in a process of the site's own settings and database.
PUT_ON_SALE = """
import json
from uuid import uuid4
from bookings.models import PromoCode
from tests.factories import CategoryFactory, CityFactory, EventFactory, HostFactory
from tests.factories import TicketTypeFactory

mark = uuid4().hex[:10]
place = {
    "category": CategoryFactory(slug=mark, name=mark),
    "city": CityFactory(slug=mark, name=mark),
    "host": HostFactory(slug=mark, name=mark, owner__email=f"{mark}@example.com"),
}
made = []
for number, sale in enumerate(sales):
    event = EventFactory(slug=f"rush-{mark}-{number}", **place)
    types = [TicketTypeFactory(event=event, capacity=places) for places in sale["places"]]
    for code, max_uses in sale["promo_codes"].items():
        PromoCode.objects.create(event=event, code=code, value=100, max_uses=max_uses)
    made.append({"slug": event.slug, "ticket_types": [row.pk for row in types]})
print(json.dumps(made))
"""

STOCKS = """
    SELECT stock.taken,
           count(ticket.id) FILTER (WHERE booking.status = 'confirmed') AS confirmed,
           count(ticket.id) FILTER (WHERE booking.status = 'pending') AS held
      FROM events_ticketstock AS stock
      LEFT JOIN bookings_ticket AS ticket ON ticket.ticket_type_id = stock.ticket_type_id
      LEFT JOIN bookings_booking AS booking ON booking.id = ticket.booking_id
     WHERE stock.ticket_type_id = ANY(%s)
     GROUP BY stock.ticket_type_id, stock.taken
     ORDER BY stock.ticket_type_id
"""


@dataclass(frozen=True, slots=True)
class Sale:
    """What to put on sale: free ticket types with so many places, and codes with so many uses."""

    places: Sequence[int]
    promo_codes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventOnSale:
    slug: str
    ticket_types: list[int]


@dataclass(frozen=True, slots=True)
class Sold:
    """Of a ticket type: what its counter says, and what its tickets say."""

    taken: int
    confirmed: int
    held: int = 0


def put_on_sale(site: LiveSite, *sales: Sale) -> list[EventOnSale]:
    """A new event for each sale."""
    sales_text = json.dumps([asdict(sale) for sale in sales])
    script = f"sales = {sales_text}\n{PUT_ON_SALE}"
    made = site.manage("shell", "--no-imports", "-c", script).splitlines()[-1]
    return [EventOnSale(**event) for event in json.loads(made)]


def sold(site: LiveSite, event: EventOnSale) -> list[Sold]:
    with psycopg.connect(site.database_url) as connection:
        rows = connection.execute(STOCKS, [event.ticket_types]).fetchall()
    return [Sold(*row) for row in rows]
