"""The address that ends the mail about a host, or about all, for whoever has it: no login."""

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from eventmate.mail.composing import absolute

SIGNER = signing.Signer(salt="events.host_news.unsubscribe")
UNDO_SALT = "events.host_news.undo"
ALL = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """A reader's mail about a host; about all that they follow where ``host_id`` is None."""

    reader_id: int
    host_id: int | None = None


def unsubscribe_path(subscription: Subscription) -> str:
    value = f"{subscription.reader_id}-{subscription.host_id or ALL}"
    return reverse("events:unsubscribe_host", args=[SIGNER.sign(value)])


def unsubscribe_link(subscription: Subscription) -> str:
    return absolute(unsubscribe_path(subscription))


def subscription_of(token: str) -> Subscription | None:
    """None if it was not made by unsubscribe_path."""
    try:
        reader_id, _, host_id = SIGNER.unsign(token).partition("-")
    except signing.BadSignature:
        return None
    return Subscription(int(reader_id), int(host_id) or None)


def undo_token(subscription: Subscription, host_ids: list[int]) -> str:
    """Names the hosts about which mail was ended, so that nothing else begins where that is
    undone.
    """
    return signing.dumps([subscription.reader_id, *host_ids], salt=UNDO_SALT)


def hosts_to_undo(subscription: Subscription, token: str) -> list[int]:
    """Those that undo_token was told for the same reader; none for anything else."""
    try:
        reader_id, *host_ids = signing.loads(token, salt=UNDO_SALT)
    except signing.BadSignature:
        return []
    return host_ids if reader_id == subscription.reader_id else []
