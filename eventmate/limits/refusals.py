"""What a client gets that has used up a limit: when to come back, and what it has typed."""

import ipaddress
import logging
from collections import OrderedDict
from functools import lru_cache
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.log import log_response

from eventmate.client_address import is_forgotten_proxy
from eventmate.limits.clients import Client
from eventmate.limits.usage import Usage
from eventmate.metrics.instruments import RATE_LIMIT_REFUSALS

# Bytes of a form that the page holds, to be sent again.
LARGEST_KEPT = 20_000
# Fields of it. To write out more would cost what the limit saves.
MOST_KEPT = 60
# Refusals of which one worker remembers that they are in the log.
REMEMBERED = 10_000

Fields = list[tuple[str, str]]

logger = logging.getLogger(__name__)
logged: OrderedDict[tuple[str, Client, int], int] = OrderedDict()  # to when


def refuse(request: HttpRequest, client: Client, usage: Usage) -> HttpResponse:
    """429, with when to try again, as the page or as JSON."""
    RATE_LIMIT_REFUSALS.labels(usage.scope, client.kind).inc()
    log_first(request, client, usage)
    response = answer(request, usage)
    # Django's own line would be a warning for each.
    log_response("Refused", response=response, request=request, logger=logger, level="debug")
    return response


def answer(request: HttpRequest, usage: Usage) -> HttpResponse:
    headers = {"Retry-After": str(usage.reset), "Cache-Control": "no-store"}
    wait = in_words(usage.reset)
    status = HTTPStatus.TOO_MANY_REQUESTS
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        content = {
            "error": f"Too many requests. Please try again {wait}.",
            "retry_after": usage.reset,
        }
        return JsonResponse(content, status=status, headers=headers)
    page = form_page(request, wait) if request.method == "POST" else plain_page(wait)
    return HttpResponse(page, status=status, headers=headers)


@lru_cache(maxsize=256)
def plain_page(wait: str) -> str:
    """Kept, so that a flood of requests does not cost a rendering each."""
    return render_to_string("429.html", {"wait": wait})


def form_page(request: HttpRequest, wait: str) -> str:
    fields = fields_to_send_again(request)
    return render_to_string("429.html", {"wait": wait, "is_form": True, "fields": fields})


def fields_to_send_again(request: HttpRequest) -> Fields | None:
    """What was posted, if a page may hold it: no file, no password, not much.

    The form's token is the one that came: a token of its own would let another site's form through.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        return None
    if len(request.body) > LARGEST_KEPT or request.body.count(b"&") >= MOST_KEPT:
        return None
    if any("password" in name for name in request.POST):
        return None
    return [(name, value) for name, values in request.POST.lists() for value in values]


def in_words(seconds: int) -> str:
    if seconds <= 1:
        return "in a second"
    if seconds < 100:
        return f"in {seconds} seconds"
    minutes = -(-seconds // 60)
    if minutes < 100:
        return f"in {minutes} minutes"
    return f"in {-(-minutes // 60)} hours"


def log_first(request: HttpRequest, client: Client, usage: Usage) -> None:
    """One line for each client and window, however many requests it goes on to send."""
    name = usage.scope, client, usage.rate.seconds
    # Clocks are read to the second, so that an end may seem to be one earlier or later.
    if logged.get(name, 0) >= usage.end - 1:
        return
    logged[name] = usage.end
    logged.move_to_end(name)
    if len(logged) > REMEMBERED:
        logged.popitem(last=False)
    logger.info(
        "Refused: over %d requests in %d s",
        usage.rate.limit,
        usage.rate.seconds,
        extra={"scope": usage.scope, client.kind: in_log(client)},
    )
    if client.kind == "address" and is_forgotten_proxy(request):
        logger.warning(
            "%s tells for whom it asks (X-Forwarded-For), but is not in TRUSTED_PROXIES:"
            " all its visitors count as one.",
            request.META["REMOTE_ADDR"],
        )


def in_log(client: Client) -> str:
    """An account by its number, an address by its neighbourhood, which does not name a person."""
    if client.kind == "account":
        return client.name
    try:
        address = ipaddress.ip_address(client.name.partition("/")[0])
    except ValueError:
        return client.name
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))
