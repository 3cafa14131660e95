"""A host writes to attendees: a draft, its preview and tests of it, and off it goes. How it gets
there is shown as for any other notice.
"""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.access import access_hosted_event, acting_on
from bookings.exceptions import BookingError
from bookings.forms.letter import LetterForm
from bookings.mail.letters import sample
from bookings.mail.variables import has_variable
from bookings.models import Message, MessageKind, Notice, NoticeKind
from bookings.querysets import NoticeQuerySet
from bookings.recipients import count_recipients, first_recipient
from bookings.services.letters import (
    discard_draft,
    next_letter_at,
    save_draft,
    send_letter,
    send_test,
)
from bookings.services.notices import mails_of
from events.models import Event
from events.paging import page_or_404

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest

PAGE_SIZE = 20


@never_cache
@login_required
@require_safe
def list_letters(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    """With what people were told of a cancellation or a change."""
    event = access_hosted_event(slug=slug, user=request.user)
    notices = Notice.objects.filter(event=event)
    page = page_or_404(request, notices.told().for_listing(), per_page=PAGE_SIZE)
    mails = mails_of(page.object_list)
    context = {
        "event": event,
        "drafts": notices.drafts().for_listing(),
        "page": page,
        "rows": [(notice, mails[notice.pk]) for notice in page],
    }
    return render(request, "bookings/hosting/letters.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(
    request: "AuthenticatedHttpRequest", slug: str, key: uuid.UUID | None = None
) -> HttpResponse:
    """A new one, or a draft once more."""
    event = access_hosted_event(slug=slug, user=request.user)
    letter = _letter(event, key) if key else None
    if request.method != "POST" and letter and not letter.is_draft:
        return redirect(letter)
    data = request.POST if request.method == "POST" else None
    form = LetterForm(data, event=event, draft=letter)
    draft, status = _save(request, event, form)
    if draft is not None:
        return redirect(draft)
    context = {"event": event, "form": form, "draft": letter}
    return render(request, "bookings/hosting/write_letter.html", context, status=status)


def _save(
    request: "AuthenticatedHttpRequest", event: Event, form: LetterForm
) -> tuple[Notice | None, int]:
    """The draft, or None and the status of the page that shows the form."""
    if not form.is_bound:
        return None, 200
    if not form.is_valid():
        return None, 400
    try:
        return save_draft(event=event, by=acting_on(event, request.user), **form.letter), 200
    except BookingError as error:
        form.show_refusal(error)
        return None, 409


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: "AuthenticatedHttpRequest", slug: str, key: uuid.UUID) -> HttpResponse:
    """A draft as its readers will see it; posted to, it is sent."""
    event = access_hosted_event(slug=slug, user=request.user)
    letter = _letter(event, key)
    problem = ""
    if request.method == "POST":
        try:
            letter = send_letter(letter=letter, by=acting_on(event, request.user))
        except BookingError as error:
            problem = str(error)
    if not letter.is_draft:
        return redirect(letter)
    context = {
        "event": event,
        "letter": letter,
        "problem": problem,
        "recipients": count_recipients(letter),
        "preview": sample(letter, name=first_recipient(letter) or request.user.get_full_name()),
        "has_ticket_link": has_variable(letter.text, "ticket_link"),
        "last_test": Message.objects.filter(notice=letter, kind=MessageKind.TEST).first(),
        "next_letter_at": next_letter_at(event),
        "most_a_day": settings.HOST_MESSAGES_A_DAY,
    }
    status = 409 if problem else 200
    return render(request, "bookings/hosting/letter.html", context, status=status)


@login_required
@require_POST
def try_out(request: "AuthenticatedHttpRequest", slug: str, key: uuid.UUID) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    letter = get_object_or_404(_letters(event).drafts(), key=key)
    try:
        send_test(letter=letter, to=request.user)
    except BookingError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"A test is on its way to {request.user.email}.")
    return redirect(letter)


@login_required
@require_POST
def discard(request: "AuthenticatedHttpRequest", slug: str, key: uuid.UUID) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    letter = get_object_or_404(_letters(event).drafts(), key=key)
    discard_draft(draft=letter)
    messages.success(request, f"The draft “{letter.subject}” is gone.")
    return redirect("bookings:hosted_messages", event.slug)


def _letters(event: Event) -> NoticeQuerySet:
    return Notice.objects.filter(event=event, kind=NoticeKind.LETTER)


def _letter(event: Event, key: uuid.UUID) -> Notice:
    letter = get_object_or_404(_letters(event).prefetch_related("ticket_types"), key=key)
    letter.event = event
    return letter
