"""Becoming a host, and what the public is told of one."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from events.access import has_verified_address
from events.exceptions import EventError, EventRefusal
from events.models import Host, HostChange, HostChangeKind
from events.services.slugs import host_slugs

MOST_HOSTS = 20
WORDS = {
    "name": "the name",
    "description": "the description",
    "website": "the website",
    "email": "the contact address",
}


@transaction.atomic
def start_host(*, owner: Any, name: str, description: str, website: str, email: str) -> Host:
    """A new host that the user owns. The same facts once more are the host that they made before.

    Raises EventError: ADDRESS_NOT_VERIFIED, TOO_MANY_HOSTS.
    """
    # Of two that are started at once, the second sees the first.
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    if not has_verified_address(owner):
        raise EventError(
            EventRefusal.ADDRESS_NOT_VERIFIED, "Confirm your e-mail address to become a host."
        )
    facts = {"name": name, "description": description, "website": website, "email": email}
    owned = Host.objects.filter(owner=owner)
    if host := owned.filter(**facts).first():
        return host
    if owned.count() >= MOST_HOSTS:
        raise EventError(
            EventRefusal.TOO_MANY_HOSTS, f"You own {MOST_HOSTS} hosts, which is as many as can be."
        )
    host = _create(owner, facts)
    HostChange.objects.create(host=host, by=owner, kind=HostChangeKind.STARTED)
    return host


@transaction.atomic
def change_host(
    *, host: Host, by: Any, name: str, description: str, website: str, email: str
) -> Host:
    """Tell the public something else of a host. Its address stays: others link to it."""
    host = Host.objects.select_for_update(no_key=True).get(pk=host.pk)
    facts = {"name": name, "description": description, "website": website, "email": email}
    changed = [field for field, value in facts.items() if getattr(host, field) != value]
    if not changed:
        return host
    for field in changed:
        setattr(host, field, facts[field])
    host.save(update_fields=changed)
    HostChange.objects.create(
        host=host,
        by=by,
        kind=HostChangeKind.CHANGED,
        about=" and ".join(WORDS[field] for field in changed),
    )
    return host


def _create(owner: Any, facts: dict[str, str]) -> Host:
    slugs = host_slugs(name=facts["name"])
    while True:
        host, is_new = Host.objects.get_or_create(
            slug=next(slugs), defaults={"owner": owner, **facts}
        )
        if is_new:
            return host
