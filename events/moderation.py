"""Mail to moderators about reports: once a day at most, and only where there are new ones."""

from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from eventmate.jobs import defer_in_transaction
from eventmate.mail.composing import absolute, compose_mail, one_line
from eventmate.mail.sending import SENDING_RETRIES, send_mail
from events.models import ReportOutcome, ReviewReport

# Behind what people wait for: bookings/services/messages.py.
PRIORITY = -2


def moderators() -> QuerySet[Any]:
    """Staff who may decide reports."""
    may_decide = {"codename": "change_reviewreport", "content_type__app_label": "events"}
    own = Q(**{f"user_permissions__{name}": value for name, value in may_decide.items()})
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in may_decide.items()})
    staff = get_user_model().objects.filter(is_staff=True, is_active=True)
    return staff.filter(Q(is_superuser=True) | own | by_group).distinct()


@transaction.atomic
def queue_report_mail() -> int:
    """Queue a mail to each moderator, if somebody has reported a review since the last one. Returns
    how many.

    That the reports were told and the mails are written together, so that it may run twice.
    """
    reports = ReviewReport.objects.filter(outcome=ReportOutcome.OPEN, told_at=None)
    new = list(reports.select_for_update(skip_locked=True).values_list("pk", flat=True))
    readers = list(moderators().values_list("pk", flat=True)) if new else []
    if not readers:
        return 0
    ReviewReport.objects.filter(pk__in=new).update(told_at=timezone.now())
    domain = urlsplit(settings.PUBLIC_URL).hostname
    jobs: list[dict[str, JSONValue]] = [
        {"user_id": pk, "new": len(new), "message_id": make_msgid(domain=domain)} for pk in readers
    ]
    defer_in_transaction(send_report_mail, jobs, priority=PRIORITY)
    return len(jobs)


@app.task(name="events.send_report_mail", queue="mail", retry=SENDING_RETRIES)
def send_report_mail(user_id: int, new: int, message_id: str) -> None:
    """Tell a moderator of ``new`` reports, unless somebody has decided all by now. Where it is sent
    twice after a crash, both have the same Message-ID.
    """
    user = moderators().filter(pk=user_id).first()
    waiting = ReviewReport.objects.filter(outcome=ReportOutcome.OPEN).count()
    if user is not None and waiting:
        send_mail(_compose(user, new, waiting, message_id))


def _compose(user: Any, new: int, waiting: int, message_id: str) -> EmailMultiAlternatives:
    address = reverse("admin:events_reviewreport_changelist")
    return compose_mail(
        template="events/mail/review_reports",
        subject="A review was reported" if new == 1 else f"{new:,} reviews were reported",
        recipient=user.email,
        message_id=message_id,
        context={
            "name": one_line(user.name),
            "new": new,
            "waiting": waiting,
            "link": absolute(f"{address}?outcome__exact={ReportOutcome.OPEN}"),
        },
    )
