"""Messages about bookings, and attempts to send them."""

from typing import Any

from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job

from bookings.actors import Actor
from bookings.mail.sending import send_message
from bookings.models import Booking, Message, MessageKind, Ticket
from bookings.services.messages import queue_message
from bookings.services.tickets import send_on_ticket
from tests.factories import BookingFactory, TicketTypeFactory

HOLDER = "grace@example.com"


def booking_with(quantity: int = 1, **event: Any) -> Booking:
    """A confirmed booking of this many tickets."""
    ticket_type = TicketTypeFactory(**{f"event__{name}": value for name, value in event.items()})
    return BookingFactory(event=ticket_type.event, tickets=[ticket_type] * quantity)


def sent_on(ticket: Ticket) -> Ticket:
    return send_on_ticket(ticket=ticket, name="Grace Hopper", email=HOLDER, by=Actor.buyer())


def queued(kind: MessageKind = MessageKind.CONFIRMATION, **message: Any) -> Message:
    """A message as services queue it."""
    queue_message(kind=kind, **({"recipient": "ada@example.com"} | message))
    return Message.objects.latest("pk")


def job_of(message: Message, attempt: int = 1) -> Job:
    return Job(
        id=1,
        queue="mail",
        lock=None,
        queueing_lock=None,
        task_name=send_message.name,
        task_kwargs={"message_id": message.message_id},
        attempts=attempt - 1,
    )


def try_to_send(message: Message, attempt: int = 1, *, message_id: str = "") -> None:
    """What the worker does at this attempt, with a job for this message or for another."""
    job = job_of(message, attempt)
    context = JobContext(app=app, job=job, start_timestamp=0, abort_reason=lambda: None)
    try:
        send_message(context, message_id=message_id or message.message_id)
    finally:
        message.refresh_from_db()


def is_retried(message: Message, error: Exception, attempt: int = 1) -> bool:
    job = job_of(message, attempt)
    return send_message.get_retry_exception(exception=error, job=job) is not None
