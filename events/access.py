"""The only ways to an event and to a host that someone wants to change."""

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.shortcuts import get_object_or_404

from events.models import Event, Host

if TYPE_CHECKING:
    from accounts.models import User


def has_verified_address(user: Any) -> bool:
    return EmailAddress.objects.filter(user=user, verified=True).exists()


def access_edited_event(*, slug: str, user: "User") -> Event:
    """An event that the user may change: as its host's owner or manager, or as staff who may change
    events. For anyone else it is a 404, as if it were not there.
    """
    events = Event.objects.select_related("city", "host", "category")
    if not (user.is_staff and user.has_perm("events.change_event")):
        events = events.filter(host__in=Host.objects.managed_by(user))
    return get_object_or_404(events, slug=slug)


def access_managed_host(*, slug: str, user: "User") -> Host:
    """A host that the user may change, with its team: as owner or manager. For anyone else it is a
    404, as if it were not there.
    """
    return get_object_or_404(Host.objects.managed_by(user).select_related("owner"), slug=slug)


def access_own_host(*, slug: str, user: "User") -> Host:
    return get_object_or_404(Host.objects.filter(owner=user).select_related("owner"), slug=slug)


def access_host_of_team(*, slug: str, user: "User") -> Host:
    """A host whose team the user is on, in whatever role: all that door staff can do with it is to
    leave.
    """
    return get_object_or_404(Host.objects.of_user(user).select_related("owner"), slug=slug)
