"""The job that sends an alert. Whether it was sent is told by its row, whatever runs twice."""

from django.db import transaction
from procrastinate.contrib.django import app

from eventmate.mail.sending import SENDING_RETRIES, send_mail_of
from events.alerts.composing import compose
from events.models import Alert


@app.task(name="events.send_alert", queue="mail", retry=SENDING_RETRIES)
def send_alert(message_id: str) -> None:
    """Send the alert that has this Message-ID, if it was not sent yet.

    Raises what the mail server, or the way to it, had against it, once that is written down.
    """
    if (error := _send(message_id)) is not None:
        raise error


@transaction.atomic
def _send(message_id: str) -> Exception | None:
    # As in bookings/mail/sending.py, the lock lasts as long as the sending.
    alert = (
        Alert.objects.filter(message_id=message_id)
        .select_related("search__user")
        .select_for_update(of=("self",))
        .first()
    )
    if alert is None:
        return None
    mail = compose(alert)
    if mail is not None and (error := send_mail_of(alert, mail)) is not None:
        return error
    alert.delete()
    return None
