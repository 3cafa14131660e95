"""The door of a host's event: who comes in. For the whole team."""

import enum
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bookings.access import access_event_of_team, acting_at_door, may_manage
from bookings.answers import answers_of
from bookings.door import MOST_FOUND, attendance_of, find_at_door, tickets_at_door
from bookings.exceptions import BookingError, Refusal
from bookings.forms.door import DoorForm
from bookings.models import Answer, CheckInWay, Ticket
from bookings.services.check_in import check_in_ticket, undo_check_in
from events.models import Event

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


class Light(enum.StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What whoever stands at the door is told. ``others`` are tickets of the same booking that
    nobody has come in with.
    """

    light: Light
    title: str
    text: str = ""
    ticket: Ticket | None = None
    answers: Sequence[Answer] = ()
    others: Sequence[Ticket] = ()


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_event_of_team(slug=slug, user=request.user)
    form = DoorForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"event": event, "form": form, "key": uuid.uuid4()}
    if form.is_valid():
        context |= _answer(request, event, form.cleaned_data) | {"form": DoorForm()}
    context |= {"attendance": attendance_of(event), "may_manage": may_manage(event, request.user)}
    status = 400 if form.errors else 200
    return render(request, "bookings/hosting/door.html", context, status=status)


def _answer(
    request: "AuthenticatedHttpRequest", event: Event, given: dict[str, Any]
) -> dict[str, Any]:
    if pk := given["ticket"]:
        ticket = get_object_or_404(tickets_at_door(), booking__event=event, pk=pk)
        return {"verdict": _let_in(request, ticket, event, CheckInWay.LIST, given["key"])}
    found = find_at_door(given["text"], event)
    if found.people:
        return {"found": found, "text": given["text"]}
    if found.ticket:
        return {"verdict": _let_in(request, found.ticket, event, CheckInWay.CODE, given["key"])}
    if found.problem:
        return {"verdict": Verdict(Light.RED, "Not valid", found.problem)}
    return {"verdict": Verdict(Light.RED, "Not found", "No ticket or attendee here is like that.")}


def _let_in(
    request: "AuthenticatedHttpRequest",
    ticket: Ticket,
    event: Event,
    how: CheckInWay,
    key: uuid.UUID | None,
) -> Verdict:
    try:
        check_in_ticket(ticket=ticket, event=event, how=how, by=request.user, key=key)
    except BookingError as error:
        if error.code is Refusal.OTHER_EVENT:
            return Verdict(Light.RED, "Another event", _other_event(ticket, event))
        if error.code is not Refusal.CHECKED_IN:
            return Verdict(Light.RED, "Not valid", str(error), ticket)
        light, title, text = Light.YELLOW, "Already in", str(error)
    else:
        light, title, text = Light.GREEN, "Come in", ""
    ticket.booking.event = event
    answers = answers_of([ticket.booking])
    others = tickets_at_door().filter(booking=ticket.booking).not_checked_in()
    return Verdict(
        light,
        title,
        text,
        ticket,
        [*answers.of_ticket(ticket), *answers.of_booking(ticket.booking)],
        list(others.exclude(pk=ticket.pk).order_by("pk")[:MOST_FOUND]),
    )


def _other_event(ticket: Ticket, event: Event) -> str:
    """By its title, if it is one of the same host."""
    other = ticket.booking.event
    if other.host_id != event.host_id:
        return "This ticket is for another event."
    start = other.schedule.start
    return f"This ticket is for “{other.title}”, {start.day} {start:%b %Y, %H:%M}."


@login_required
@require_POST
def check_in(request: "AuthenticatedHttpRequest", slug: str, ticket_id: int) -> HttpResponse:
    """From a list of attendees, or a booking's page."""
    ticket, event = _ticket(request, slug, ticket_id)
    try:
        check_in_ticket(ticket=ticket, event=event, how=CheckInWay.LIST, by=request.user)
    except BookingError as error:
        messages.warning(request, f"{_name(ticket)}: {error}")
    else:
        messages.success(request, f"{_name(ticket)} is checked in.")
    return redirect(_way_back(request, event))


@login_required
@require_POST
def undo(request: "AuthenticatedHttpRequest", slug: str, ticket_id: int) -> HttpResponse:
    ticket, event = _ticket(request, slug, ticket_id)
    if undo_check_in(ticket=ticket, by=acting_at_door(event, request.user)):
        messages.success(request, f"{_name(ticket)} is no longer checked in.")
    return redirect(_way_back(request, event))


def _ticket(request: "AuthenticatedHttpRequest", slug: str, ticket_id: int) -> tuple[Ticket, Event]:
    event = access_event_of_team(slug=slug, user=request.user)
    return get_object_or_404(tickets_at_door(), booking__event=event, pk=ticket_id), event


def _name(ticket: Ticket) -> str:
    return ticket.attendee_name or ticket.booking.name


def _way_back(request: "AuthenticatedHttpRequest", event: Event) -> str:
    """To the page of this event that the form was on."""
    attendees = reverse("bookings:hosted_attendees", args=[event.slug])
    address = request.POST.get("next", "")
    return address if address.startswith(attendees.removesuffix("attendees/")) else attendees
