"""The tickets of a booking, together: on paper, in a calendar, with other names."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings.access import booking_link, tickets_of_buyer
from bookings.actors import Actor
from bookings.calendars import booking_calendar
from bookings.exceptions import BookingError
from bookings.forms.tickets import NamesForm
from bookings.models import Booking, Ticket
from bookings.services.tickets import rename_attendees
from bookings.views.booking import accessed_booking, booking_page
from bookings.views.downloads import calendar_file, pdf_file


@never_cache
@require_safe
def pdf(request: HttpRequest, reference: str) -> HttpResponse:
    booking = _confirmed(request, reference)
    if not booking.has_valid_tickets:
        return booking_page(request, booking, status=409)
    tickets = tickets_of_buyer(booking)
    if not tickets:
        raise Http404
    return pdf_file(tickets, f"{booking.event.slug}-tickets-{booking.reference}.pdf")


@never_cache
@require_safe
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    booking = _confirmed(request, reference)
    url = f"{settings.PUBLIC_URL}{booking_link(booking)}"
    return calendar_file(booking_calendar(booking, url), f"{booking.event.slug}.ics")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, reference: str) -> HttpResponse:
    booking = _confirmed(request, reference)
    return renaming(
        request,
        booking=booking,
        tickets=tickets_of_buyer(booking),
        by=Actor.buyer(request.user),
        back=booking_link(booking),
    )


def renaming(
    request: HttpRequest, *, booking: Booking, tickets: Sequence[Ticket], by: Actor, back: str
) -> HttpResponse:
    """The form for the names on some of a booking's tickets, which leads to ``back``."""
    form = NamesForm(request.POST if request.method == "POST" else None, tickets=tickets)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            rename_attendees(booking=booking, names=form.names, by=by)
        except BookingError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, "The names are changed. The codes stay the same.")
            return redirect(back)
    context = {"booking": booking, "form": form, "back": back}
    return render(request, "bookings/rename.html", context, status=status)


def _confirmed(request: HttpRequest, reference: str) -> Booking:
    """A booking that was confirmed once: a hold has no tickets to show yet."""
    booking = accessed_booking(request, reference)
    if booking.confirmed_at is None:
        raise Http404
    return booking
