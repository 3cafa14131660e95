"""The bookings of a host's event: all of them, one, and the end of one."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.access import access_hosted_event, acting_on
from bookings.answers import answers_of
from bookings.exceptions import BookingError
from bookings.forms.attendees import HostNoteForm
from bookings.forms.hosting import BookingFilterForm, CancelBookingForm, ConfirmationForm
from bookings.hosting import figures_of
from bookings.models import Booking, Message, MessageKind
from bookings.querysets import BookingQuerySet
from bookings.services.booking import cancel_booking
from bookings.services.host_notes import change_host_note
from bookings.services.resending import is_resendable
from events.models import Event
from events.paging import page_or_404

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest

PAGE_SIZE = 50


@never_cache
@login_required
@require_safe
def list_bookings(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    form = BookingFilterForm(request.GET)
    bookings = form.narrow(Booking.objects.filter(event=event)).for_hosting()
    context = {
        "event": event,
        "form": form,
        "figures": figures_of(event),
        "page": page_or_404(request, bookings, per_page=PAGE_SIZE),
    }
    return render(request, "bookings/hosting/bookings.html", context)


@never_cache
@login_required
@require_safe
def detail(request: "AuthenticatedHttpRequest", slug: str, reference: str) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    booking = get_object_or_404(_bookings(), event=event, reference=reference)
    return _page(request, event, booking, HostNoteForm(instance=booking))


@never_cache
@login_required
@require_POST
def change_note(request: "AuthenticatedHttpRequest", slug: str, reference: str) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    booking = get_object_or_404(_bookings(), event=event, reference=reference)
    form = HostNoteForm(request.POST, instance=booking)
    if not form.is_valid():
        return _page(request, event, booking, form, status=400)
    change_host_note(
        booking=booking, text=form.cleaned_data["host_note"], by=acting_on(event, request.user)
    )
    messages.success(request, "The note is kept.")
    return redirect("bookings:hosted_booking", event.slug, booking.reference)


def _bookings() -> BookingQuerySet:
    return Booking.objects.for_page().prefetch_related("tickets__check_in")


def _page(
    request: "AuthenticatedHttpRequest",
    event: Event,
    booking: Booking,
    note_form: HostNoteForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "event": event,
        "booking": booking,
        "changes": booking.changes.select_related("actor"),
        "mails": _with_resendability(booking),
        "answers": answers_of([booking]),
        "form": ConfirmationForm(initial={"email": booking.email}),
        "note_form": note_form,
    }
    return render(request, "bookings/hosting/booking.html", context, status=status)


def _with_resendability(booking: Booking) -> list[tuple[Message, bool]]:
    """The newest first; of those that say the same, only the newest can be sent again."""
    seen: set[tuple[str, int | None, int | None]] = set()
    mails = []
    for message in booking.messages.select_related("ticket"):
        letter_id = message.notice_id if message.kind == MessageKind.LETTER else None
        about = (message.kind, message.ticket_id, letter_id)
        mails.append((message, about not in seen and is_resendable(message)))
        seen.add(about)
    return mails


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: "AuthenticatedHttpRequest", slug: str, reference: str) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    booking = get_object_or_404(Booking.objects.for_page(), event=event, reference=reference)
    form = CancelBookingForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"event": event, "booking": booking, "form": form}
        status = 400 if form.is_bound else 200
        return render(request, "bookings/hosting/cancel_booking.html", context, status=status)
    try:
        cancel_booking(
            booking=booking, by=acting_on(event, request.user), reason=form.cleaned_data["reason"]
        )
    except BookingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The booking is cancelled, and its places are free again.")
    return redirect("bookings:hosted_booking", event.slug, booking.reference)
