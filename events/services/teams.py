"""Who is on a host's team: each change in one transaction with its line in the host's history.

Whoever changes a team locks its host first, so that of two changes the second sees the first.
"""

import datetime as dt
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from eventmate.jobs import defer_in_transaction
from events.access import has_verified_address
from events.exceptions import EventError, EventRefusal
from events.models import (
    Host,
    HostChange,
    HostChangeKind,
    HostInvitation,
    HostMember,
    HostRole,
)
from events.team.sending import send_invitation

LASTS = dt.timedelta(days=14)
# Against those who would write to strangers by way of us.
MOST_INVITATIONS = 30
COUNTED = dt.timedelta(days=1)
# After it ran out, for those who wonder what became of it.
KEPT = dt.timedelta(days=30)
# As mail that one person waits for: bookings/services/messages.py.
PRIORITY = -1


@transaction.atomic
def invite(*, host: Host, by: Any, email: str, role: HostRole) -> HostInvitation:
    """Ask someone by mail to join the team. Whoever was asked before is asked again, in this role.

    Raises EventError: ALREADY_ON_TEAM, TOO_MANY_INVITATIONS.
    """
    _lock(host)
    _check_may_be_invited(host, by, email)
    now = timezone.now()
    invitation, _ = HostInvitation.objects.update_or_create(
        host=host,
        email__iexact=email,
        defaults={
            "email": email,
            "role": role,
            "invited_by": by,
            "invited_at": now,
            "expires_at": now + LASTS,
            "message_id": make_msgid(domain=urlsplit(settings.PUBLIC_URL).hostname),
            "sent_at": None,
            "error": "",
        },
    )
    _note(host, by, HostChangeKind.INVITED, f"{email} as {role.label.lower()}")
    defer_in_transaction(
        send_invitation, [{"message_id": invitation.message_id}], priority=PRIORITY
    )
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: HostInvitation, by: Any) -> None:
    """Make its link worthless. Withdrawing again changes nothing."""
    if _end(invitation):
        _note(invitation.host, by, HostChangeKind.WITHDREW, invitation.email)


@transaction.atomic
def decline_invitation(*, invitation: HostInvitation, user: Any) -> None:
    """As withdraw_invitation, by the one who was asked."""
    if _end(invitation):
        _note(invitation.host, user, HostChangeKind.DECLINED)


@transaction.atomic
def accept_invitation(*, invitation: HostInvitation, user: Any) -> HostMember:
    """Put the user on the team.

    Raises EventError: ALREADY_ON_TEAM; INVITATION_ENDED if it was used or withdrawn, or ran out.
    """
    host = _lock(invitation.host)
    if Host.objects.of_user(user).filter(pk=host.pk).exists():
        raise EventError(EventRefusal.ALREADY_ON_TEAM, f"You are on the team of {host} already.")
    if not _end(invitation) or invitation.has_expired:
        raise EventError(EventRefusal.INVITATION_ENDED, "This invitation cannot be used any more.")
    member = HostMember.objects.create(host=host, user=user, role=invitation.role)
    role = HostRole(invitation.role).label.lower()
    _note(host, user, HostChangeKind.JOINED, f"as {role}, invited as {invitation.email}")
    return member


@transaction.atomic
def set_role(*, member: HostMember, role: HostRole, by: Any) -> None:
    """Raises EventError: NOT_ON_TEAM for who has left meanwhile."""
    member = _locked_member(member)
    if member.role == role:
        return
    member.role = role
    member.save(update_fields=["role"])
    about = f"{member.user.get_full_name()} {role.label.lower()}"
    _note(member.host, by, HostChangeKind.GAVE_ROLE, about)


@transaction.atomic
def remove_member(*, member: HostMember, by: Any) -> None:
    """Take someone off the team, or oneself. Removing again changes nothing."""
    deleted, _ = HostMember.objects.filter(pk=member.pk, host=_lock(member.host)).delete()
    if not deleted:
        return
    if member.user == by:
        _note(member.host, by, HostChangeKind.LEFT)
    else:
        _note(member.host, by, HostChangeKind.REMOVED, member.user.get_full_name())


@transaction.atomic
def hand_over(*, host: Host, member: HostMember, by: Any) -> Host:
    """Make a manager the owner; who was it becomes a manager.

    Raises EventError: NOT_THE_OWNER, NOT_ON_TEAM, NOT_A_MANAGER, ADDRESS_NOT_VERIFIED.
    """
    host = _lock(host)
    if host.owner_id != by.pk:
        raise EventError(EventRefusal.NOT_THE_OWNER, f"{host} is not yours any more.")
    member = _locked_member(member)
    heir = member.user
    if member.role != HostRole.MANAGER:
        raise EventError(
            EventRefusal.NOT_A_MANAGER, f"{heir.get_full_name()} is not a manager any more."
        )
    if not has_verified_address(heir):
        raise EventError(
            EventRefusal.ADDRESS_NOT_VERIFIED,
            f"{heir.get_full_name()} has to confirm an e-mail address first.",
        )
    member.delete()
    HostMember.objects.update_or_create(host=host, user=by, defaults={"role": HostRole.MANAGER})
    host.owner = heir
    host.save(update_fields=["owner"])
    _note(host, by, HostChangeKind.HANDED_OVER, heir.get_full_name())
    return host


def delete_ended_invitations() -> None:
    HostInvitation.objects.filter(expires_at__lt=timezone.now() - KEPT).delete()


def _lock(host: Host) -> Host:
    return Host.objects.select_for_update(no_key=True).get(pk=host.pk)


def _locked_member(member: HostMember) -> HostMember:
    host = _lock(member.host)
    found = HostMember.objects.select_related("user").filter(host=host, pk=member.pk).first()
    if found is None:
        raise EventError(EventRefusal.NOT_ON_TEAM, "They are not on the team any more.")
    found.host = host
    return found


def _end(invitation: HostInvitation) -> bool:
    """Whether it was there still. Of two who answer at once, one finds it."""
    deleted, _ = HostInvitation.objects.filter(pk=invitation.pk).delete()
    return bool(deleted)


def _check_may_be_invited(host: Host, by: Any, email: str) -> None:
    is_theirs = Q(owner__email__iexact=email) | Q(members__user__email__iexact=email)
    if Host.objects.filter(is_theirs, pk=host.pk).exists():
        raise EventError(EventRefusal.ALREADY_ON_TEAM, f"{email} is on the team already.")
    # Someone may have many hosts, and a host many managers.
    recent = HostChange.objects.filter(
        Q(host=host) | Q(by=by), kind=HostChangeKind.INVITED, at__gt=timezone.now() - COUNTED
    )
    if recent.count() >= MOST_INVITATIONS:
        raise EventError(
            EventRefusal.TOO_MANY_INVITATIONS,
            f"{MOST_INVITATIONS} invitations were sent within a day. Please wait until tomorrow.",
        )


def _note(host: Host, by: Any, kind: HostChangeKind, about: str = "") -> None:
    HostChange.objects.create(host=host, by=by, kind=kind, about=about)
