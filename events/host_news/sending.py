"""The job that sends news of hosts. Whether it was sent is told by its row, whatever runs twice."""

from django.db import transaction
from procrastinate.contrib.django import app

from eventmate.mail.sending import SENDING_RETRIES, send_mail_of
from events.host_news.composing import compose
from events.models import HostNews


@app.task(name="events.send_host_news", queue="mail", retry=SENDING_RETRIES)
def send_host_news(message_id: str) -> None:
    """Send the news that have this Message-ID, if they were not sent yet.

    Raises what the mail server, or the way to it, had against it, once that is written down.
    """
    if (error := _send(message_id)) is not None:
        raise error


@transaction.atomic
def _send(message_id: str) -> Exception | None:
    # As in bookings/mail/sending.py, the lock lasts as long as the sending.
    news = (
        HostNews.objects.filter(message_id=message_id)
        .select_related("reader__user")
        .select_for_update(of=("self",))
        .first()
    )
    if news is None:
        return None
    mail = compose(news)
    if mail is not None and (error := send_mail_of(news, mail)) is not None:
        return error
    news.delete()
    return None
