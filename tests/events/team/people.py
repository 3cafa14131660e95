"""People on a host's team, and the mail that asks others to join."""

from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from events.models import Host, HostInvitation, HostMember, HostRole
from events.services.teams import invite
from tests.factories import UserFactory, verify

EMAIL = "mary@example.com"


def on_team(host: Host, role: HostRole = HostRole.MANAGER, **fields: Any) -> HostMember:
    user = verify(UserFactory(**fields))
    member: HostMember = HostMember.objects.create(host=host, user=user, role=role)
    return member


def invited(host: Host, role: HostRole = HostRole.DOOR, email: str = EMAIL) -> HostInvitation:
    return invite(host=host, by=host.owner, email=email, role=role)


def history(host: Host) -> list[str]:
    """The newest first."""
    return [f"{change.by.name} {change.what}" for change in host.changes.select_related("by")]


def send_queued() -> list[EmailMultiAlternatives]:
    """Run the jobs that send invitations, and return what they sent."""
    mail.outbox.clear()
    for job in ProcrastinateJob.objects.filter(task_name="events.send_invitation").order_by("pk"):
        app.tasks[job.task_name](**job.args)
    return list(mail.outbox)


def link_in(message: EmailMultiAlternatives) -> str:
    """The path at which the invitation is answered."""
    [link] = [word for word in str(message.body).split() if "/join/" in word]
    return link.removeprefix(settings.PUBLIC_URL)


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client
