"""The job that sends an invitation. Whether it was sent is told by its row, whatever runs twice."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from eventmate.mail.sending import SENDING_RETRIES, send_mail_of
from events.models import HostInvitation
from events.team.composing import compose


@app.task(name="events.send_invitation", queue="mail", retry=SENDING_RETRIES)
def send_invitation(message_id: str) -> None:
    """Send the invitation that has this Message-ID, if it is still open and was not sent yet.

    Raises what the mail server, or the way to it, had against it, once that is written down.
    """
    if (error := _send(message_id)) is not None:
        raise error


@transaction.atomic
def _send(message_id: str) -> Exception | None:
    # As in bookings/mail/sending.py, the lock lasts as long as the sending.
    invitation = (
        HostInvitation.objects.filter(
            message_id=message_id, sent_at=None, expires_at__gt=timezone.now()
        )
        .select_related("host", "invited_by")
        .select_for_update(of=("self",))
        .first()
    )
    if invitation is None:
        return None
    if (error := send_mail_of(invitation, compose(invitation))) is not None:
        return error
    invitation.sent_at, invitation.error = timezone.now(), ""
    invitation.save(update_fields=["sent_at", "error"])
    return None
