"""What a ticket shows, and the links to its pages."""

from django import template
from django.utils.safestring import SafeString

from bookings.access import ticket_link
from bookings.models import CheckIn, Ticket
from bookings.qr import qr_svg
from bookings.ticket_codes import sign_ticket_code
from events.models import Event

register = template.Library()


@register.simple_tag
def ticket_qr(ticket: Ticket) -> SafeString:
    title = f"QR code of the ticket of {ticket.attendee_name}"
    return qr_svg(sign_ticket_code(ticket.code), title=title)


@register.simple_tag
def ticket_url(ticket: Ticket, view: str = "bookings:ticket") -> str:
    """The signed link of one of the ticket's pages."""
    return ticket_link(ticket, view)


@register.filter
def clock(check_in: CheckIn, event: Event) -> str:
    """When somebody came in, at the event's place."""
    return check_in.clock(event)
