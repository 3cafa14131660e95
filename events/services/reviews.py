"""What becomes of a review: the host's reply, reports, and what moderators decide."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from events.exceptions import EventError, EventRefusal
from events.models import ReportOutcome, ReportReason, Review, ReviewReply, ReviewReport

# In which a host may put right what it replied. From then on people count on what they have read.
CORRECTED_WITHIN = dt.timedelta(days=2)


@transaction.atomic
def reply_to_review(*, review: Review, by: Any, text: str) -> ReviewReply:
    """The one reply of the host. The same words once more are the reply that is there.

    Raises EventError: REVIEW_HIDDEN, ALREADY_REPLIED.
    """
    review = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    if review.is_hidden:
        raise EventError(
            EventRefusal.REVIEW_HIDDEN, "Moderators removed this review: nobody would see a reply."
        )
    reply, is_new = ReviewReply.objects.get_or_create(
        review=review, defaults={"by": by, "text": text}
    )
    if not is_new and reply.text != text:
        raise EventError(
            EventRefusal.ALREADY_REPLIED, "There was a reply to this review before: one is all."
        )
    return reply


def correct_reply(*, reply: ReviewReply, text: str) -> None:
    """Raises EventError: REPLY_IS_FINAL."""
    now = timezone.now()
    open_replies = ReviewReply.objects.filter(
        pk=reply.pk, removed_at=None, written_at__gt=now - CORRECTED_WITHIN
    )
    if not open_replies.update(text=text, changed_at=now):
        raise EventError(
            EventRefusal.REPLY_IS_FINAL,
            f"A reply can be changed for {CORRECTED_WITHIN.days} days. It can still be removed.",
        )


def may_correct(reply: ReviewReply) -> bool:
    return not reply.removed_at and reply.written_at > timezone.now() - CORRECTED_WITHIN


def remove_reply(*, reply: ReviewReply, by: Any) -> None:
    """For good: that there was one stays known, so that no other takes its place."""
    ReviewReply.objects.filter(pk=reply.pk, removed_at=None).update(
        text="", removed_at=timezone.now(), removed_by=by
    )


def report_review(
    *, review: Review, reason: ReportReason, note: str, reporter: Any, client: str
) -> bool:
    """Ask the moderators to look at a review; whether this person did so for the first time.
    ``reporter`` is None for who is not logged in, who is then known by ``client``, such as an
    address.
    """
    who: dict[str, Any] = (
        {"reporter": reporter} if reporter else {"client": _hash_of(client, review)}
    )
    _, is_new = ReviewReport.objects.get_or_create(
        review=review,
        **who,
        defaults={"reason": reason, "note": note, "review_text": review.text},
    )
    return is_new


def _hash_of(client: str, review: Review) -> str:
    """Tells who reports a review twice, and not whether they report another one."""
    return salted_hmac("events.review_report", f"{review.pk} {client}").hexdigest()


@transaction.atomic
def hide_review(*, review: Review, by: Any, why: str) -> None:
    """Leave a trace of a review on its page, and no more. That answers all reports of it. A hidden
    one gets another reason, and stays hidden since when it was.
    """
    now = timezone.now()
    Review.objects.filter(pk=review.pk, hidden_at=None).update(
        hidden_at=now, hidden_by=by, hidden_why=why
    )
    Review.objects.filter(pk=review.pk).update(hidden_why=why)
    ReviewReport.objects.filter(review=review, outcome=ReportOutcome.OPEN).update(
        outcome=ReportOutcome.HIDDEN, decided_at=now, decided_by=by
    )


def show_review(*, review: Review) -> None:
    """As if it had never been hidden."""
    Review.objects.filter(pk=review.pk).update(hidden_at=None, hidden_by=None, hidden_why="")


def dismiss_report(*, report: ReviewReport, by: Any) -> None:
    """Raises EventError: REPORT_DECIDED."""
    open_reports = ReviewReport.objects.filter(pk=report.pk, outcome=ReportOutcome.OPEN)
    if not open_reports.update(
        outcome=ReportOutcome.DISMISSED, decided_at=timezone.now(), decided_by=by
    ):
        raise _decided_already()


@transaction.atomic
def uphold_report(*, report: ReviewReport, by: Any) -> None:
    """Hide the review for what is reported. Raises EventError: REPORT_DECIDED."""
    report = ReviewReport.objects.select_for_update().select_related("review").get(pk=report.pk)
    if report.outcome != ReportOutcome.OPEN:
        raise _decided_already()
    hide_review(review=report.review, by=by, why=f"Reported: {report.get_reason_display()}")


def _decided_already() -> EventError:
    return EventError(EventRefusal.REPORT_DECIDED, "Somebody has decided this already.")
