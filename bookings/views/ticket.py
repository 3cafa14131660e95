"""One ticket, for whoever has its link."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings.access import (
    TicketSentOn,
    access_ticket,
    booking_link,
    is_of_team,
    may_see_booking,
    ticket_link,
)
from bookings.actors import Actor
from bookings.calendars import ticket_calendar
from bookings.exceptions import BookingError
from bookings.forms.tickets import SendOnForm
from bookings.models import Ticket
from bookings.services.tickets import send_on_ticket
from bookings.views.booking_tickets import renaming
from bookings.views.downloads import calendar_file, pdf_file


def _for_ticket(
    view: Callable[[HttpRequest, Ticket], HttpResponse],
) -> Callable[[HttpRequest, str], HttpResponse]:
    """A view of the ticket with the code in the path, or of what became of it."""

    @wraps(view)
    def for_code(request: HttpRequest, code: str) -> HttpResponse:
        token = request.GET.get("access", "")
        try:
            ticket = access_ticket(code=code, user=request.user, token=token)
        except TicketSentOn:
            return render(request, "bookings/ticket_sent_on.html", status=410)
        return view(request, ticket)

    return for_code


@never_cache
@require_safe
@_for_ticket
def show(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    return _page(request, ticket)


@never_cache
@require_safe
@_for_ticket
def pdf(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    if not ticket.booking.has_valid_tickets:
        return _page(request, ticket, status=409)
    return pdf_file([ticket], f"{ticket.booking.event.slug}-ticket.pdf")


@never_cache
@require_safe
@_for_ticket
def calendar(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    url = f"{settings.PUBLIC_URL}{ticket_link(ticket)}"
    return calendar_file(ticket_calendar(ticket, url), f"{ticket.booking.event.slug}.ics")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_for_ticket
def rename(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    return renaming(
        request,
        booking=ticket.booking,
        tickets=[ticket],
        by=_actor(request, ticket),
        back=ticket_link(ticket),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_for_ticket
def send_on(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """The form, then what will happen, then it happens: each a POST of the same fields."""
    form = SendOnForm(request.POST if request.method == "POST" else None)
    if not form.is_valid() or "confirmed" not in request.POST:
        return _send_on_page(request, ticket, form, status=400 if form.errors else 200)
    name, email = form.cleaned_data["name"], form.cleaned_data["email"]
    try:
        send_on_ticket(ticket=ticket, name=name, email=email, by=_actor(request, ticket))
    except BookingError as error:
        form.add_error(None, str(error))
        return _send_on_page(request, ticket, form, status=409)
    if _is_of_buyer(request, ticket):
        messages.success(request, f"The ticket is {name}’s now. It goes to {email} by mail.")
        return redirect(booking_link(ticket.booking))
    context = {"name": name, "email": email, "event": ticket.booking.event}
    return render(request, "bookings/sent_on.html", context)


def _send_on_page(
    request: HttpRequest, ticket: Ticket, form: SendOnForm, *, status: int
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "booking": ticket.booking,
        "form": form,
        "is_checked": form.is_bound and not form.errors and "change" not in request.POST,
        "back": _way_back(request, ticket),
    }
    return render(request, "bookings/send_on.html", context, status=status)


def _page(request: HttpRequest, ticket: Ticket, *, status: int = 200) -> HttpResponse:
    context = {
        "ticket": ticket,
        "booking": ticket.booking,
        "event": ticket.booking.event,
        "is_valid": ticket.booking.has_valid_tickets,
        "is_buyers": may_see_booking(ticket.booking, user=request.user),
        "is_at_door": is_of_team(ticket.booking.event, request.user),
    }
    return render(request, "bookings/ticket.html", context, status=status)


def _way_back(request: HttpRequest, ticket: Ticket) -> str:
    """To the booking's page for its buyer, whom a guest's link proves to be one as well."""
    of_buyer = _is_of_buyer(request, ticket)
    return booking_link(ticket.booking) if of_buyer else ticket_link(ticket)


def _is_of_buyer(request: HttpRequest, ticket: Ticket) -> bool:
    token = request.GET.get("booking", "")
    return may_see_booking(ticket.booking, user=request.user, token=token)


def _actor(request: HttpRequest, ticket: Ticket) -> Actor:
    return Actor.holder(request.user) if ticket.holder_email else Actor.buyer(request.user)
