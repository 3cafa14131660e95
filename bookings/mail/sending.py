"""The job that sends a message. What became of it is in the message's row, whatever runs twice."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from bookings.mail.composing import compose
from bookings.models import Message, MessageState
from eventmate.mail.sending import (
    MOST_ATTEMPTS,
    SENDING_ERRORS,
    SENDING_RETRIES,
    is_refusal,
    reason_of,
    send_mail,
)

TO_BE_SENT = (MessageState.QUEUED, MessageState.FAILED)


@app.task(
    name="bookings.send_message",
    queue="mail",
    retry=SENDING_RETRIES,
    pass_context=True,
)
def send_message(context: JobContext, message_id: str) -> None:
    """Send the message that has this Message-ID, if there is one and it was not sent yet.

    Raises what the mail server, or the way to it, had against it, once that is written down.
    """
    is_last_attempt = context.job.attempts + 1 >= MOST_ATTEMPTS
    with _Witness(message_id, is_last_attempt=is_last_attempt):
        error = _send(message_id, is_last_attempt=is_last_attempt)
    if error is not None:
        raise error


class _Witness:
    """Writes down what else goes wrong, such as in a template, and lets it pass."""

    def __init__(self, message_id: str, *, is_last_attempt: bool) -> None:
        self._message_id, self._is_last_attempt = message_id, is_last_attempt

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if not isinstance(error, Exception):
            return
        messages = Message.objects.filter(message_id=self._message_id, state__in=TO_BE_SENT)
        messages.update(attempts=F("attempts") + 1, error=_reason(error))
        if self._is_last_attempt:
            messages.update(state=MessageState.FAILED)


@transaction.atomic
def _send(message_id: str, *, is_last_attempt: bool) -> Exception | None:
    # The lock lasts as long as the sending. A second worker waits for it, and then finds the
    # message sent; when this worker is killed, the database ends the lock, and nothing was written.
    message = (
        Message.objects.filter(message_id=message_id, state__in=TO_BE_SENT)
        .select_for_update()
        .first()
    )
    if message is None:
        return None
    mail = compose(message)
    if mail is None:
        message.state, message.error = MessageState.DROPPED, ""
        message.save(update_fields=["state", "error"])
        return None
    message.attempts += 1
    try:
        send_mail(mail)
    except SENDING_ERRORS as error:
        if is_last_attempt or is_refusal(error):
            message.state = MessageState.FAILED
        message.error = _reason(error)
        message.save(update_fields=["state", "attempts", "error"])
        return error
    message.state, message.sent_at, message.error = MessageState.SENT, timezone.now(), ""
    message.save(update_fields=["state", "sent_at", "attempts", "error"])
    return None


def _reason(error: Exception) -> str:
    return reason_of(error)[: Message._meta.get_field("error").max_length]
