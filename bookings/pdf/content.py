"""What a ticket's page says, read from the rows before anything is drawn."""

from dataclasses import dataclass

from bookings.models import Booking, PaymentMethod, Ticket
from bookings.ticket_codes import sign_ticket_code
from events.models import Event
from events.money import format_money


@dataclass(frozen=True, slots=True)
class TicketPage:
    title: str
    when: str
    place: str
    address: str
    attendee: str
    ticket_type: str
    price: str
    reference: str
    code: str
    signed_code: str
    host: str


def page_of(ticket: Ticket) -> TicketPage:
    booking = ticket.booking
    event = booking.event
    place, address = _where(event)
    return TicketPage(
        title=event.title,
        when=str(event.schedule),
        place=place,
        address=address,
        attendee=ticket.attendee_name or booking.name,
        ticket_type=ticket.ticket_type.name,
        price=_price(ticket, booking),
        reference=booking.reference,
        code=ticket.code_in_groups,
        signed_code=sign_ticket_code(ticket.code),
        host=event.host.name,
    )


def _where(event: Event) -> tuple[str, str]:
    """The line that people look for at the door, and what else helps to find it."""
    known = (event.venue, event.address, str(event.city or ""))
    place, *others = [part for part in known if part] or [""]
    if not place:
        return ("Online" if event.is_online else "Place to be announced"), ""
    return (f"{place} and online" if event.is_online else place), ", ".join(others)


def _price(ticket: Ticket, booking: Booking) -> str:
    price = format_money(ticket.price, booking.currency)
    if ticket.price and booking.payment_method == PaymentMethod.AT_DOOR:
        return f"{price}, to be paid at the door"
    return price
