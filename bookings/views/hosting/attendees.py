"""The attendees of a host's event: the list, the files to take along, and one more by hand."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings.access import access_event_of_team, access_hosted_event, acting_on, may_manage
from bookings.answers import answers_of
from bookings.attendee_rows import batches_of_rows, header_of
from bookings.attendees import batches_of_attendees, page_of_attendees
from bookings.exceptions import BookingError
from bookings.forms.attendees import AddAttendeeForm, AttendeeFilterForm
from bookings.keys import is_key
from bookings.models import Ticket
from bookings.services.adding import add_attendee
from eventmate.csv_export import csv_response
from events.models import Event, TicketType

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest

PAGE_SIZE = 50


@never_cache
@login_required
@require_safe
def list_attendees(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_event_of_team(slug=slug, user=request.user)
    ticket_types = _ticket_types(event)
    form = AttendeeFilterForm(request.GET, event=event, ticket_types=ticket_types)
    page = page_of_attendees(
        form.narrow(Ticket.objects.all()),
        form.chosen_type_ids,
        size=PAGE_SIZE,
        after=_key(request, "after"),
        before=_key(request, "before"),
    )
    for ticket in page.tickets:
        ticket.booking.event = event
    answers = answers_of([ticket.booking for ticket in page.tickets])
    context = {
        "event": event,
        "form": form,
        "page": page,
        "rows": [(ticket, answers.of_ticket(ticket)) for ticket in page.tickets],
        "taken": sum(row.stock.taken for row in ticket_types),
        "may_manage": may_manage(event, request.user),
    }
    return render(request, "bookings/hosting/attendees.html", context)


@never_cache
@login_required
@require_safe
def export_csv(request: "AuthenticatedHttpRequest", slug: str) -> StreamingHttpResponse:
    event, header, batches = _table(request, slug)
    return csv_response(
        filename=f"{event.slug}.csv",
        header=header,
        rows=(row for batch in batches for row in batch),
    )


@never_cache
@login_required
@require_safe
def export_xlsx(request: "AuthenticatedHttpRequest", slug: str) -> StreamingHttpResponse:
    # What it writes with takes megabytes: not of a web worker that never does.
    from eventmate.xlsx_export import xlsx_response

    event, header, batches = _table(request, slug)
    return xlsx_response(filename=f"{event.slug}.xlsx", header=header, batches=batches)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    ticket_types = _ticket_types(event)
    form = AddAttendeeForm(
        request.POST if request.method == "POST" else None, ticket_types=ticket_types
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            booking = add_attendee(
                ticket_type=next(row for row in ticket_types if row.pk == given["ticket_type"]),
                quantity=given["quantity"],
                name=given["name"],
                email=given["email"] or request.user.email,
                is_free=given["is_free"],
                idempotency_key=given["idempotency_key"],
                by=acting_on(event, request.user),
            )
        except BookingError as error:
            form.show_refusal(error)
        else:
            messages.success(request, f"{booking.name} is in. The tickets go to {booking.email}.")
            return redirect("bookings:hosted_booking", event.slug, booking.reference)
    context = {"event": event, "form": form, "has_ticket_types": bool(ticket_types)}
    status = 400 if form.is_bound else 200
    return render(request, "bookings/hosting/add_attendee.html", context, status=status)


def _ticket_types(event: Event) -> list[TicketType]:
    ticket_types = list(event.ticket_types.with_stock().filter(stock__isnull=False))
    for ticket_type in ticket_types:
        ticket_type.event = event
    return ticket_types


def _table(
    request: "AuthenticatedHttpRequest", slug: str
) -> tuple[Event, list[str], Iterator[list[list[object]]]]:
    """What the list shows with the same filters, whole."""
    event = access_hosted_event(slug=slug, user=request.user)
    form = AttendeeFilterForm(request.GET, event=event, ticket_types=_ticket_types(event))
    questions = list(event.questions.reported())
    batches = batches_of_attendees(form.narrow(Ticket.objects.all()), form.chosen_type_ids)
    return event, header_of(questions), batches_of_rows(batches, event, questions)


def _key(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    if not is_key(text):
        raise Http404
    return int(text)
