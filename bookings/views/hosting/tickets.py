"""One attendee's ticket: another name on it, or another ticket type."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.access import access_hosted_event, acting_on
from bookings.exceptions import BookingError
from bookings.forms.attendees import AttendeeNameForm, MoveTicketForm
from bookings.models import Ticket
from bookings.services.moving import destinations_of, move_ticket
from bookings.services.tickets import rename_attendees

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: "AuthenticatedHttpRequest", slug: str, ticket_id: int) -> HttpResponse:
    ticket = _ticket(request, slug, ticket_id)
    form = AttendeeNameForm(request.POST if request.method == "POST" else None, ticket=ticket)
    if form.is_valid():
        name = form.cleaned_data["name"]
        by = acting_on(ticket.booking.event, request.user)
        try:
            rename_attendees(booking=ticket.booking, names={ticket.code: name}, by=by)
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"The ticket is in the name of {name}.")
            return redirect("bookings:hosted_booking", slug, ticket.booking.reference)
    return _page(request, "rename_attendee", ticket, form)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: "AuthenticatedHttpRequest", slug: str, ticket_id: int) -> HttpResponse:
    ticket = _ticket(request, slug, ticket_id)
    destinations = destinations_of(ticket)
    form = MoveTicketForm(
        request.POST if request.method == "POST" else None, destinations=destinations
    )
    if form.is_valid():
        chosen = form.cleaned_data["ticket_type"]
        ticket_type = next(row.ticket_type for row in destinations if row.ticket_type.pk == chosen)
        try:
            move_ticket(
                ticket=ticket,
                ticket_type=ticket_type,
                keeps_price=form.cleaned_data["keeps_price"],
                by=acting_on(ticket.booking.event, request.user),
            )
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                f"The ticket is {ticket_type.name} now. The confirmation, sent again, says so.",
            )
            return redirect("bookings:hosted_booking", slug, ticket.booking.reference)
    return _page(request, "move_ticket", ticket, form)


def _ticket(request: "AuthenticatedHttpRequest", slug: str, ticket_id: int) -> Ticket:
    event = access_hosted_event(slug=slug, user=request.user)
    tickets = Ticket.objects.select_related(
        "booking__promo_code", "ticket_type__stock__shared_capacity"
    )
    ticket = get_object_or_404(tickets, booking__event=event, pk=ticket_id)
    ticket.booking.event = event
    return ticket


def _page(
    request: "AuthenticatedHttpRequest",
    name: str,
    ticket: Ticket,
    form: AttendeeNameForm | MoveTicketForm,
) -> HttpResponse:
    booking = ticket.booking
    context = {
        "event": booking.event,
        "ticket": ticket,
        "booking": booking,
        "form": form,
        "is_possible": booking.has_valid_tickets and not booking.event.is_over,
    }
    status = 400 if form.is_bound else 200
    return render(request, f"bookings/hosting/{name}.html", context, status=status)
