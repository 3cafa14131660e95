"""What people say of an event, and what its host replies."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events.access import access_edited_event
from events.exceptions import EventError
from events.forms.review import ReplyForm
from events.models import Review, ReviewReply
from events.paging import page_or_404
from events.services.reviews import (
    CORRECTED_WITHIN,
    correct_reply,
    may_correct,
    remove_reply,
    reply_to_review,
)

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest

PAGE_SIZE = 20


@never_cache
@login_required
@require_safe
def list_reviews(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    page = page_or_404(request, event.reviews.with_reply(), per_page=PAGE_SIZE)
    context = {
        "event": event,
        "page": page,
        "reviews": [shown_to_host(review) for review in page],
        "rating": event.reviews.rating(),
    }
    return render(request, "events/hosting/reviews.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: "AuthenticatedHttpRequest", slug: str, review_id: int) -> HttpResponse:
    """Reply to a review, or correct the reply that is there."""
    event = access_edited_event(slug=slug, user=request.user)
    review = get_object_or_404(event.reviews.shown().with_reply(), pk=review_id)
    written = _reply_to(review)
    text = written.text if written else ""
    form = ReplyForm(request.POST if request.method == "POST" else None, initial={"text": text})
    if form.is_valid() and _is_written(request, form, review, written):
        messages.success(request, "Your reply is on the page.")
        return redirect("events:hosted_reviews", event.slug)
    context = {
        "event": event,
        "review": review,
        "reply": written,
        "form": form,
        "may_write": written is None or may_correct(written),
        "days": CORRECTED_WITHIN.days,
    }
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    return render(request, "events/hosting/reply.html", context, status=status)


def _is_written(
    request: "AuthenticatedHttpRequest",
    form: ReplyForm,
    review: Review,
    written: ReviewReply | None,
) -> bool:
    text = form.cleaned_data["text"]
    try:
        if written:
            correct_reply(reply=written, text=text)
        else:
            reply_to_review(review=review, by=request.user, text=text)
    except EventError as error:
        form.add_error(None, str(error))
        return False
    return True


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: "AuthenticatedHttpRequest", slug: str, review_id: int) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    replies = ReviewReply.objects.filter(review__event=event).select_related("review__user")
    written = get_object_or_404(replies, review=review_id)
    if request.method == "POST":
        remove_reply(reply=written, by=request.user)
        messages.success(request, "Your reply is removed.")
        return redirect("events:hosted_reviews", event.slug)
    context = {"event": event, "review": written.review, "reply": written}
    return render(request, "events/hosting/remove_reply.html", context)


def shown_to_host(review: Review) -> tuple[Review, ReviewReply | None, bool]:
    """A review, the reply to it, and whether that can be changed."""
    written = _reply_to(review)
    return review, written, written is not None and may_correct(written)


def _reply_to(review: Review) -> ReviewReply | None:
    """Also one that was removed."""
    return getattr(review, "reply", None)
