"""The job that sends a message. What became of it is in the message's row, whatever runs twice."""

import smtplib

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.retry import RetryDecision

from bookings.mail.composing import compose
from bookings.models import Message, MessageState

# Over a day and a quarter: an outage of a night or a day costs nobody their mail.
MOST_ATTEMPTS = 8
RETRIES_AFTER_SECONDS = 5  # to the power of the attempt

TO_BE_SENT = (MessageState.QUEUED, MessageState.FAILED)

# Said in answer to a recipient as well, by servers that want a login first (RFC 4954).
CODES_ABOUT_THE_LOGIN = {530, 534, 535, 538}


class SendingRetries(RetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if is_refusal(exception):
            return None
        return super().get_retry_decision(exception=exception, job=job)


@app.task(
    name="bookings.send_message",
    queue="mail",
    retry=SendingRetries(max_attempts=MOST_ATTEMPTS - 1, exponential_wait=RETRIES_AFTER_SECONDS),
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


def is_refusal(error: BaseException) -> bool:
    """Whether the server will say the same however often it is asked."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPDataError):
        codes = [error.smtp_code]
    else:
        return isinstance(error, UnicodeError)  # an address that cannot be written as mail wants it
    return all(500 <= code < 600 and code not in CODES_ABOUT_THE_LOGIN for code in codes)


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
        with get_connection() as server:  # closes it in any case, as send() does not
            server.send_messages([mail])
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        if is_last_attempt or is_refusal(error):
            message.state = MessageState.FAILED
        message.error = _reason(error)
        message.save(update_fields=["state", "attempts", "error"])
        return error
    message.state, message.sent_at, message.error = MessageState.SENT, timezone.now(), ""
    message.save(update_fields=["state", "sent_at", "attempts", "error"])
    return None


def _reason(error: Exception) -> str:
    """What the server said, on one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = [f"{code} {_text(reply)}" for code, reply in error.recipients.values()]
        said = "; ".join(replies)
    elif isinstance(error, smtplib.SMTPResponseException):
        said = f"{error.smtp_code} {_text(error.smtp_error)}"
    else:
        said = str(error) or type(error).__name__
    printable = "".join(letter if letter.isprintable() else " " for letter in said)
    longest = Message._meta.get_field("error").max_length
    return " ".join(printable.split())[:longest]


def _text(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply
