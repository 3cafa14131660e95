"""Who follows a host, and whether they get mail about its new events."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from events.exceptions import EventError, EventRefusal
from events.models import Host, HostFollower, NewsReader
from events.search.horizon import listing_horizon

MOST_FOLLOWED = 200


def follow(*, host: Host, user: Any) -> bool:
    """Tell the user of what the host lists from now on; whether that is new.

    Raises EventError: TOO_MANY_FOLLOWED.
    """
    horizon = listing_horizon()
    with transaction.atomic():
        _lock(user)
        followed = HostFollower.objects.filter(user=user)
        if followed.filter(host=host).exists():
            return False
        if followed.count() >= MOST_FOLLOWED:
            raise EventError(
                EventRefusal.TOO_MANY_FOLLOWED,
                f"You follow {MOST_FOLLOWED} hosts. Unfollow one to follow another.",
            )
        NewsReader.objects.get_or_create(user=user, defaults={"told_until": horizon})
        HostFollower.objects.create(user=user, host=host, told_from=horizon)
    return True


def unfollow(*, host: Host, user: Any) -> bool:
    """Whether the user had followed it."""
    removed, _ = HostFollower.objects.filter(host=host, user=user).delete()
    return bool(removed)


@transaction.atomic
def set_mailed(*, user: Any, is_mailed: bool, host_ids: Collection[int] | None = None) -> list[int]:
    """Send mail about followed hosts, or none: about these, or about all of them. Returns the ids
    of those for which that is new. Mail that begins anew comes with that of the next week.
    """
    _lock(user)
    followed = HostFollower.objects.filter(user=user)
    had_none = not followed.filter(is_mailed=True).exists()
    changed = followed.filter(is_mailed=not is_mailed)
    if host_ids is not None:
        changed = changed.filter(host__in=host_ids)
    ids = list(changed.values_list("host_id", flat=True))
    followed.filter(host__in=ids).update(is_mailed=is_mailed)
    if ids and is_mailed and had_none:
        NewsReader.objects.filter(user=user).update(looked_at=timezone.now())
    return ids


def _lock(user: Any) -> None:
    """Of two changes to what somebody follows, the second sees the first."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
