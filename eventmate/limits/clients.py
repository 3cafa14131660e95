"""Whom a limit counts: an address and, of whoever is logged in, the account as well."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from eventmate.client_address import client_address, network_of


class Client(NamedTuple):
    kind: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.kind} {self.name}"


def address_client(request: HttpRequest) -> Client:
    return Client("address", network_of(client_address(request)))


def account_client(request: HttpRequest) -> Client | None:
    """The account that the visitor is logged in to, without a look at the database for it."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    session = request.session
    accessed = session.accessed
    account = session.get(SESSION_KEY)
    # What is on the page does not depend on this: it need not vary with the cookie.
    session.accessed = accessed
    return Client("account", account) if account else None
