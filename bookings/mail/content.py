"""What a mail is made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bookings.models import Ticket
from bookings.pdf import tickets_pdf
from eventmate.mail.composing import one_line
from events.models import Event


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Content:
    """``template`` is the name that the HTML and the text version share; ``name`` is the reader's,
    and ``link`` is where the mail leads, with the site in front.
    """

    template: str
    subject: str
    event: Event
    name: str
    link: str
    context: dict[str, object] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()


def title_of(event: Event) -> str:
    """As it may stand in a subject, whatever was typed or imported."""
    return one_line(event.title)


def tickets_file(tickets: Sequence[Ticket]) -> list[Attachment]:
    """A PDF; nothing where there are no tickets."""
    if not tickets:
        return []
    name = "ticket.pdf" if len(tickets) == 1 else "tickets.pdf"
    return [Attachment(name, tickets_pdf(tickets), "application/pdf")]


def calendar_file(calendar: bytes) -> Attachment:
    return Attachment("event.ics", calendar, "text/calendar")
