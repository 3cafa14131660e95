"""The address at which an invitation is answered, for whoever has the mail: it proves that the
link came from us. It works once, and until the invitation ends: the row is what counts.
"""

from django.core import signing
from django.urls import reverse

from events.models import HostInvitation

SIGNER = signing.Signer(salt="events.team.join")


def join_path(invitation: HostInvitation) -> str:
    token = SIGNER.sign(str(invitation.pk))
    return reverse("events:hosted_join", args=[invitation.host.slug, token])


def invitation_id_of(token: str) -> int | None:
    """None if it was not made by join_path."""
    try:
        return int(SIGNER.unsign(token))
    except signing.BadSignature:
        return None
