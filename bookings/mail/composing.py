"""A message as the mail that goes out, in HTML and as text."""

from collections.abc import Callable, Mapping

from django.core.mail import EmailMultiAlternatives

from bookings.mail import buyers, holders, letters, waiting
from bookings.mail.content import Content, title_of
from bookings.mail.needed import is_needed
from bookings.models import Message, MessageKind
from eventmate.mail.composing import compose_mail, one_line

TO_BUYERS = {
    MessageKind.CONFIRMATION: buyers.confirmation,
    MessageKind.CANCELLATION: buyers.cancellation,
    MessageKind.REMINDER_DAY: buyers.reminder,
    MessageKind.REMINDER_HOUR: buyers.reminder,
    MessageKind.CHANGE: buyers.change,
    MessageKind.OFFER: buyers.offer,
    MessageKind.LETTER: letters.to_buyer,
    MessageKind.TEST: letters.to_writer,
}
TO_HOLDERS = {
    MessageKind.TICKET: holders.ticket,
    MessageKind.CANCELLATION: holders.cancellation,
    MessageKind.REMINDER_DAY: holders.reminder,
    MessageKind.REMINDER_HOUR: holders.reminder,
    MessageKind.CHANGE: holders.change,
    MessageKind.LETTER: letters.to_holder,
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
    host = content.event.host
    mail = compose_mail(
        template=f"bookings/mail/{content.template}",
        subject=content.subject,
        recipient=message.recipient,
        message_id=message.message_id,
        context=_context(content),
        reply_to=[host.email] if host.email else [],
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
        "name": one_line(content.name),
        "link": content.link,
        **content.context,
    }
