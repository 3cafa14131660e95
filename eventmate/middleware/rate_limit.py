"""Limits on how often one client may ask: docs/adr/0016-rate-limits.md."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from eventmate.limits.clients import Client, account_client, address_client
from eventmate.limits.exact import take_exactly
from eventmate.limits.headers import limit_headers, policy_of
from eventmate.limits.refusals import refuse
from eventmate.limits.scopes import EXACT, FILES, scope_of
from eventmate.limits.site import site_limiter
from eventmate.limits.usage import Usage

Handler = Callable[[HttpRequest], HttpResponseBase]


def limit_clients(get_response: Handler) -> Handler:
    """Refuse requests over the limit of the client's address, and tell every client what is left.

    Outside of all that costs more than a count: sessions, the database, a look at the form's token.
    """
    if not settings.RATE_LIMIT_ENABLED:
        raise MiddlewareNotUsed
    policies = {scope: policy_of(scope, rates) for scope, rates in settings.RATE_LIMITS.items()}

    def middleware(request: HttpRequest) -> HttpResponseBase:
        used: list[Usage] = []
        scope = scope_of(request)
        request.rate_limit = scope, used  # type: ignore[attr-defined]
        refusal = take(request, scope, address_client(request), used)
        response = refusal or get_response(request)
        for name, value in limit_headers(used, policies[scope]):
            response.headers[name] = value
        return response

    return middleware


def limit_accounts(get_response: Handler) -> Handler:
    """Refuse requests over the limit of an account, from however many addresses they come.

    Inside of the session's middleware.
    """
    if not settings.RATE_LIMIT_ENABLED:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponseBase:
        scope, used = request.rate_limit  # type: ignore[attr-defined]
        client = account_client(request) if scope != FILES else None
        refusal = take(request, scope, client, used) if client else None
        return refusal or get_response(request)

    return middleware


def take(
    request: HttpRequest, scope: str, client: Client, used: list[Usage]
) -> HttpResponse | None:
    """Count the request, note in ``used`` what is left, and return what to answer where it is one
    too many.
    """
    if scope in EXACT:
        used += take_exactly(request, scope, client.key, settings.RATE_LIMITS[scope])
    else:
        used.append(site_limiter().take(scope, client.key))
    return refuse(request, client, used[-1]) if used and used[-1].refused else None
