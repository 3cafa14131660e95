"""Forms of a rush, a few at a time."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.exceptions import BookingError, Refusal
from bookings.metrics import count_refusal
from bookings.services.gate import gate

SECONDS_UNTIL_LESS_BUSY = 2

View = Callable[..., HttpResponse]


def in_turn(view: View) -> View:
    """Let forms that are sent to one address wait for their turn before they touch the database.

    Whoever waits in vain gets a page that holds all that they sent, to be sent again.
    """

    @wraps(view)
    def wait_for_turn(request: HttpRequest, **address: str) -> HttpResponse:
        if request.method != "POST":
            return view(request, **address)
        try:
            with gate.passing("/".join(address.values())):
                return view(request, **address)
        except BookingError as error:
            if error.code is not Refusal.BUSY:
                raise
            count_refusal(error)
        response = render(request, "bookings/busy.html", status=503)
        response["Retry-After"] = str(SECONDS_UNTIL_LESS_BUSY)
        return response

    return wait_for_turn
