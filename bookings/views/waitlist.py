"""The waiting list as visitors meet it: joining, one's place in line, leaving."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.access import access_waitlist_entry, booking_link, waitlist_link, waitlist_token
from bookings.exceptions import BookingError, Refusal
from bookings.forms.waitlist import WaitlistForm
from bookings.models import WaitlistEntry
from bookings.services.choice import is_scarce
from bookings.services.expiry import release_overdue_holds
from bookings.services.waitlist import can_wait_for, join_waitlist, leave_waitlist
from events.models import Event, SaleState, TicketType

if TYPE_CHECKING:
    from accounts.models import User

JOINED_HERE = "waitlist_entries"
MOST_REMEMBERED = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, slug: str, ticket_type_id: int) -> HttpResponse:
    ticket_type = _ticket_type(request, slug, ticket_type_id)
    if _release_for_page(ticket_type):
        ticket_type = _ticket_type(request, slug, ticket_type_id)
    form = _form(request, ticket_type)
    if not form.is_bound and not can_wait_for(ticket_type):
        return _to_booking_page(request, ticket_type)
    if not form.is_valid():
        return _join_page(request, ticket_type, form, status=400 if form.is_bound else 200)
    if entry := _own_entry(request, ticket_type, form.cleaned_data["email"]):
        return redirect(waitlist_link(entry))
    try:
        entry = join_waitlist(ticket_type=ticket_type, user=_account(request), **form.cleaned_data)
    except BookingError as error:
        return _refused(request, ticket_type, form, error)
    joined = [*request.session.get(JOINED_HERE, []), entry.reference]
    request.session[JOINED_HERE] = joined[-MOST_REMEMBERED:]
    return redirect(waitlist_link(entry))


@never_cache
@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    entry = _accessed(request, reference)
    if _release_for_page(entry.ticket_type):
        entry = _accessed(request, reference)
    context = {
        "entry": entry,
        "ticket_type": entry.ticket_type,
        "event": entry.ticket_type.event,
        "access": f"?access={waitlist_token(entry)}",
        "booking_link": booking_link(entry.offer) if entry.offer else "",
        "can_join_again": can_wait_for(entry.ticket_type),
    }
    return render(request, "bookings/waiting.html", context)


@require_POST
def leave(request: HttpRequest, reference: str) -> HttpResponse:
    entry = _accessed(request, reference)
    try:
        leave_waitlist(entry=entry)
    except BookingError as error:
        messages.info(request, str(error))
    return redirect(waitlist_link(entry))


def _accessed(request: HttpRequest, reference: str) -> WaitlistEntry:
    return access_waitlist_entry(
        reference=reference, user=request.user, token=request.GET.get("access", "")
    )


def _ticket_type(request: HttpRequest, slug: str, ticket_type_id: int) -> TicketType:
    ticket_types = (
        TicketType.objects.visible()
        .with_stock()
        .filter(
            event__in=Event.objects.visible_to(request.user).filter(slug=slug),
            stock__isnull=False,
        )
        .select_related("event__city")
    )
    return get_object_or_404(ticket_types, pk=ticket_type_id)


def _release_for_page(ticket_type: TicketType) -> int:
    """Free what holds and offers that ran out still keep."""
    return release_overdue_holds(ticket_type_ids=[ticket_type.pk]) if is_scarce(ticket_type) else 0


def _form(request: HttpRequest, ticket_type: TicketType) -> WaitlistForm:
    user = _account(request)
    return WaitlistForm(
        request.POST if request.method == "POST" else None,
        ticket_type=ticket_type,
        initial={"name": user.name, "email": user.email} if user else {},
    )


def _account(request: HttpRequest) -> "User | None":
    return request.user if request.user.is_authenticated else None


def _own_entry(request: HttpRequest, ticket_type: TicketType, email: str) -> WaitlistEntry | None:
    """The visitor's: of their account, or joined from this browser. That someone knows the address
    shows nothing.
    """
    own = Q(reference__in=request.session.get(JOINED_HERE, []))
    if user := _account(request):
        own |= Q(user=user)
    return (
        WaitlistEntry.objects.open().of_mailbox(email).filter(own, ticket_type=ticket_type).first()
    )


def _refused(
    request: HttpRequest, ticket_type: TicketType, form: WaitlistForm, error: BookingError
) -> HttpResponse:
    if error.code is Refusal.NOT_SOLD_OUT:
        return _to_booking_page(request, ticket_type)
    if error.code is Refusal.WAITING_ALREADY:
        return _waiting_already(request, ticket_type, form.cleaned_data["email"])
    form.add_error(None, str(error))
    status = 409 if error.is_conflict else 400
    return _join_page(request, ticket_type, form, status=status)


def _waiting_already(request: HttpRequest, ticket_type: TicketType, email: str) -> HttpResponse:
    """Where the other copy of a form that was sent twice came first, to the place that it got."""
    if entry := _own_entry(request, ticket_type, email):
        return redirect(waitlist_link(entry))
    context = {"event": ticket_type.event, "ticket_type": ticket_type, "email": email}
    return render(request, "bookings/waiting_already.html", context)


def _to_booking_page(request: HttpRequest, ticket_type: TicketType) -> HttpResponse:
    """It says why nobody can wait."""
    if ticket_type.sale_state is SaleState.ON_SALE and not is_scarce(ticket_type):
        messages.info(request, f"There are places for {ticket_type} now: you need not wait.")
    return redirect("bookings:create", ticket_type.event.slug)


def _join_page(
    request: HttpRequest, ticket_type: TicketType, form: WaitlistForm, *, status: int
) -> HttpResponse:
    context = {"event": ticket_type.event, "ticket_type": ticket_type, "form": form}
    return render(request, "bookings/join_waitlist.html", context, status=status)
