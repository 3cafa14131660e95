"""Tickets on paper."""

from collections.abc import Sequence

from bookings.models import Ticket
from bookings.pdf.content import page_of
from eventmate.threads import run_in_thread


def tickets_pdf(tickets: Sequence[Ticket]) -> bytes:
    """A PDF with a page for each ticket, of which there is at least one, all of one event.

    Reads ``ticket_type`` and ``booking`` with its event's city and host; load them along with the
    tickets. The same tickets give the same bytes. Drawing takes milliseconds for each page, in a
    thread where a gevent worker calls.
    """
    if not tickets:
        raise ValueError("There are no tickets to print.")
    # What it draws with takes megabytes: not of a web worker that never does.
    from bookings.pdf.layout import draw_tickets

    return run_in_thread(draw_tickets, [page_of(ticket) for ticket in tickets])
