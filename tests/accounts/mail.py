"""The mail that allauth has queued, as the job worker delivers it."""

import re

from django.core import mail
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def deliver_mail() -> list[mail.EmailMessage]:
    """Run the jobs that send account mail, and return what they sent."""
    mail.outbox.clear()
    jobs = ProcrastinateJob.objects.filter(
        task_name="accounts.send_account_mail", status="todo"
    ).order_by("pk")
    for job in jobs:
        app.tasks[job.task_name](**job.args)
    # The table is the worker's own: the model only reads.
    return list(mail.outbox)


def link_in(message: mail.EmailMessage) -> str:
    """The path of the first link in the text."""
    found = re.search(r"https?://testserver(/\S+)", str(message.body))
    assert found, message.body
    return found.group(1)
