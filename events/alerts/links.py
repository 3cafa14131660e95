"""The address that ends the mail about a search, for whoever has one of them: no login."""

from django.core import signing
from django.urls import reverse

from eventmate.mail.composing import absolute
from events.models import SavedSearch

SIGNER = signing.Signer(salt="events.alerts.unsubscribe")


def unsubscribe_link(search: SavedSearch) -> str:
    return absolute(reverse("events:unsubscribe", args=[SIGNER.sign(str(search.pk))]))


def search_id_of(token: str) -> int | None:
    """None if it was not made by unsubscribe_link."""
    try:
        return int(SIGNER.unsign(token))
    except signing.BadSignature:
        return None
