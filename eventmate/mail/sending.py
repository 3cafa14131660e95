"""Handing a mail to the server, and when to try again."""

import smtplib
from typing import Any

from django.core.mail import EmailMessage, get_connection
from procrastinate import RetryStrategy
from procrastinate.jobs import Job
from procrastinate.retry import RetryDecision

# Over a day and a quarter: an outage of a night or a day costs nobody their mail.
MOST_ATTEMPTS = 8
RETRIES_AFTER_SECONDS = 5  # to the power of the attempt

# Said in answer to a recipient as well, by servers that want a login first (RFC 4954).
CODES_ABOUT_THE_LOGIN = {530, 534, 535, 538}

# What a mail server, or the way to it, can have against a mail.
SENDING_ERRORS = (smtplib.SMTPException, OSError, UnicodeError)


class _SendingRetries(RetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if is_refusal(exception):
            return None
        return super().get_retry_decision(exception=exception, job=job)


SENDING_RETRIES = _SendingRetries(
    max_attempts=MOST_ATTEMPTS - 1, exponential_wait=RETRIES_AFTER_SECONDS
)


def send_mail(mail: EmailMessage) -> None:
    """Raises one of SENDING_ERRORS."""
    with get_connection() as server:  # closes it in any case, as send() does not
        server.send_messages([mail])


def send_mail_of(row: Any, mail: EmailMessage) -> Exception | None:
    """Send the mail that a row of a model stands for, which the caller has locked. One of
    SENDING_ERRORS is written into its ``error`` and returned, to be raised after the commit.
    """
    try:
        send_mail(mail)
    except SENDING_ERRORS as error:
        most = row._meta.get_field("error").max_length
        row.error = reason_of(error)[:most]
        row.save(update_fields=["error"])
        return error
    return None


def is_refusal(error: BaseException) -> bool:
    """Whether the server will say the same however often it is asked."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPDataError):
        codes = [error.smtp_code]
    else:
        return isinstance(error, UnicodeError)  # an address that cannot be written as mail wants it
    return all(500 <= code < 600 and code not in CODES_ABOUT_THE_LOGIN for code in codes)


def reason_of(error: Exception) -> str:
    """What the server said, on one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = [f"{code} {_text(reply)}" for code, reply in error.recipients.values()]
        said = "; ".join(replies)
    elif isinstance(error, smtplib.SMTPResponseException):
        said = f"{error.smtp_code} {_text(error.smtp_error)}"
    else:
        said = str(error) or type(error).__name__
    printable = "".join(letter if letter.isprintable() else " " for letter in said)
    return " ".join(printable.split())


def _text(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply
