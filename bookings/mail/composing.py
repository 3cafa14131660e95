"""A message as the mail that goes out, in HTML and as text."""

import re
from collections.abc import Callable, Mapping

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from bookings.mail import buyers, holders, waiting
from bookings.mail.content import Content, one_line, title_of
from bookings.mail.needed import is_needed
from bookings.models import Message, MessageKind

TO_BUYERS = {
    MessageKind.CONFIRMATION: buyers.confirmation,
    MessageKind.CANCELLATION: buyers.cancellation,
    MessageKind.REMINDER_DAY: buyers.reminder,
    MessageKind.REMINDER_HOUR: buyers.reminder,
    MessageKind.CHANGE: buyers.change,
    MessageKind.OFFER: buyers.offer,
}
TO_HOLDERS = {
    MessageKind.TICKET: holders.ticket,
    MessageKind.CANCELLATION: holders.cancellation,
    MessageKind.REMINDER_DAY: holders.reminder,
    MessageKind.REMINDER_HOUR: holders.reminder,
    MessageKind.CHANGE: holders.change,
}


TO_THOSE_WHO_WAIT = {
    MessageKind.WAITING: waiting.waiting,
    MessageKind.CANCELLATION: waiting.cancellation,
}


def compose(message: Message) -> EmailMultiAlternatives | None:
    """The mail that says how things are now; None where there is nothing left to say."""
    if not is_needed(message):
        return None
    content = _to_its_reader(message)[MessageKind(message.kind)](message)
    context = _context(content)
    host = content.event.host
    mail = EmailMultiAlternatives(
        subject=content.subject,
        body=_tidy(render_to_string(f"bookings/mail/{content.template}.txt", context)),
        to=[message.recipient],
        reply_to=[host.email] if host.email else [],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(
        render_to_string(f"bookings/mail/{content.template}.html", context), "text/html"
    )
    for attachment in content.attachments:
        mail.attach(attachment.name, attachment.content, attachment.media_type)
    return mail


def _to_its_reader(message: Message) -> Mapping[MessageKind, Callable[[Message], Content]]:
    if message.waitlist_entry_id is not None:
        return TO_THOSE_WHO_WAIT
    return TO_BUYERS if message.ticket_id is None else TO_HOLDERS


def _context(content: Content) -> dict[str, object]:
    return {
        "event": content.event,
        "title": title_of(content.event),
        "subject": content.subject,
        "name": one_line(content.name),
        "link": content.link,
        "site": settings.PUBLIC_URL,
        **content.context,
    }


def _tidy(text: str) -> str:
    """Without the blank lines and spaces that tags leave behind."""
    lines = "\n".join(line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
