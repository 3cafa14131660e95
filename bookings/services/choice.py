"""What someone wants to book, checked as far as can be without a claim."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from bookings.exceptions import BookingError, Problem, Refusal, refusal
from bookings.models import PromoCode
from bookings.payments import payment_methods_for
from bookings.services.inventory import Quantities
from bookings.services.promo_codes import find_promo_code
from eventmate.kept_queries import IsOneOf, KeptQuery, Parameter
from events.models import Event, SaleState, TicketType

MOST_TICKETS = 100

CHOSEN = KeptQuery(
    lambda: TicketType.objects.with_stock().filter(
        IsOneOf(F("pk"), Parameter("ids")), event=Parameter("event")
    )
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Tickets of one event and one currency, all of which are on sale."""

    event: Event
    quantities: Quantities
    ticket_types: dict[int, TicketType]
    promo_code: PromoCode | None = None

    @property
    def currency(self) -> str:
        return next(iter(self.ticket_types.values())).currency

    @property
    def is_left(self) -> bool:
        """Whether there were enough places for everyone when it was checked."""
        return all(self.ticket_types[pk].stock.for_sale >= n for pk, n in self.quantities.items())

    @property
    def count(self) -> int:
        return sum(self.quantities.values())

    @property
    def total(self) -> Decimal:
        return sum((self.price_of(pk) * n for pk, n in self.quantities.items()), Decimal(0))

    @property
    def discount(self) -> Decimal:
        full = (self.ticket_types[pk].price * n for pk, n in self.quantities.items())
        return sum(full, Decimal(0)) - self.total

    def price_of(self, ticket_type_id: int) -> Decimal:
        """What one ticket costs, with the promo code where it is for this type."""
        ticket_type = self.ticket_types[ticket_type_id]
        if self.promo_code and is_for(self.promo_code, ticket_type):
            return self.promo_code.price_of(ticket_type)
        return ticket_type.price


def check_choice(*, event: Event, quantities: Quantities, promo_code: str = "") -> Choice:
    """Raise BookingError with every problem found, each at its ticket type."""
    check_open(event)
    if not quantities:
        raise refusal(Refusal.NOTHING_CHOSEN, "Choose at least one ticket.")
    most = min(MOST_TICKETS, event.max_tickets_per_booking or MOST_TICKETS)
    if sum(quantities.values()) > most:
        raise refusal(Refusal.TOO_MANY, f"At most {most} ticket{'s'[: most != 1]} a booking.")
    code = find_promo_code(event=event, text=promo_code)
    choice = Choice(event, quantities, _offered(event, quantities, code), code)
    problems = [
        problem
        for pk, quantity in quantities.items()
        if (problem := _problem_with(choice.ticket_types.get(pk), pk, quantity))
    ]
    if problems:
        raise BookingError(*problems)
    if len({ticket_type.currency for ticket_type in choice.ticket_types.values()}) > 1:
        raise refusal(
            Refusal.MIXED_CURRENCIES, "These tickets have different currencies: book them apart."
        )
    if not payment_methods_for(event=event, total=choice.total):
        raise refusal(Refusal.NO_WAY_TO_PAY, "Tickets with a price cannot be booked here yet.")
    return choice


def check_open(event: Event) -> None:
    """Raise BookingError unless the event can be booked at all: published, and not over."""
    if event.is_over:
        raise refusal(Refusal.EVENT_OVER, "This event is over.")
    if event.is_cancelled:
        raise refusal(Refusal.EVENT_CANCELLED, "This event was cancelled.")
    if not event.is_published:
        raise refusal(Refusal.EVENT_NOT_PUBLISHED, "This event is not published yet.")


def is_for(promo_code: PromoCode, ticket_type: TicketType) -> bool:
    """Whether the code makes this type cheaper: one that it names, or, naming none, any that
    everyone sees.
    """
    named = promo_code.ticket_types.all()
    return ticket_type in named if named else not ticket_type.is_hidden


def is_unlocked(ticket_type: TicketType, promo_code: PromoCode | None) -> bool:
    """Whether it can be chosen: hidden types need a code that names them."""
    if not ticket_type.is_hidden:
        return True
    return promo_code is not None and ticket_type in promo_code.ticket_types.all()


def is_scarce(ticket_type: TicketType) -> bool:
    """Whether nobody can buy it now, for want of places."""
    return ticket_type.stock.for_sale < ticket_type.min_per_booking


def most_at_once(ticket_type: TicketType) -> int:
    """How many of a ticket type one booking can have."""
    event = ticket_type.event
    limits = (
        ticket_type.max_per_booking,
        event.max_tickets_per_booking,
        event.max_tickets_per_person,
    )
    return min(limit for limit in limits if limit is not None)


def _offered(
    event: Event, quantities: Quantities, promo_code: PromoCode | None
) -> dict[int, TicketType]:
    ticket_types = CHOSEN.rows(event=event.pk, ids=list(quantities))
    for ticket_type in ticket_types:
        ticket_type.event = event
    return {row.pk: row for row in ticket_types if is_unlocked(row, promo_code)}


def _problem_with(
    ticket_type: TicketType | None, ticket_type_id: int, quantity: int
) -> Problem | None:
    if ticket_type is None:
        return Problem(Refusal.UNKNOWN_TICKET_TYPE, "A ticket that you chose is no longer offered.")
    code, message = None, ""
    if ticket_type.sale_state is SaleState.CLOSED:
        code, message = Refusal.SALES_CLOSED, "Sales have closed."
    elif ticket_type.sale_state is SaleState.NOT_STARTED:
        code, message = Refusal.SALES_NOT_STARTED, "Sales have not started yet."
    elif quantity > ticket_type.max_per_booking:
        code, message = Refusal.TOO_MANY, f"At most {ticket_type.max_per_booking} a booking."
    elif quantity < ticket_type.min_per_booking:
        code, message = Refusal.TOO_FEW, f"At least {ticket_type.min_per_booking} a booking."
    return Problem(code, message, ticket_type_id) if code else None
