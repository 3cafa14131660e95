"""What the people of a load come to: a full catalogue, accounts, and hosts at work."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db.models import Count

from accounts.models import User
from events.models import Host, HostMember, HostRole, Listing
from loadtests.bench.search_mix import TEXTS

MEMBERS = 1000
HOSTS = 50
EVENTS = 3000
BUSIEST = 100
PASSWORD = "a-long-pass-phrase-of-a-load"  # noqa: S105 - of accounts that are gone with the run


Named = list[tuple[str, str]]
"""Slugs, with the names that their pages show."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to look at, what most people like first: events by slug, the others by slug
    and name. ``members`` and ``managers`` are addresses to log in with, ``texts`` are what people
    search for.
    """

    events: list[str]
    cities: Named
    categories: Named
    hosts: Named
    members: list[str]
    managers: list[str]
    texts: tuple[str, ...] = TEXTS
    password: str = PASSWORD


def put_on(events: int) -> Offer:
    """Add so many generated events, a fifth of them to come, and those who visit them."""
    call_command("generate_events", str(events), verbosity=0)
    popular = Listing.objects.order_by("-popularity", "event")
    return Offer(
        events=list(popular.values_list("event__slug", flat=True)[:EVENTS]),
        cities=_busiest("city"),
        categories=_busiest("category"),
        hosts=_busiest("host"),
        members=[user.email for user in make_accounts("member", MEMBERS)],
        managers=_make_managers(),
    )


def _busiest(what: str) -> Named:
    """Those with most listings."""
    slug, name = f"{what}__slug", f"{what}__name"
    listed = Listing.objects.filter(**{f"{what}__isnull": False}).order_by()
    counted = listed.values(slug, name).annotate(number=Count("pk")).order_by("-number", slug)
    return [(row[slug], row[name]) for row in counted[:BUSIEST]]


def _make_managers() -> list[str]:
    """One for each of the first hosts."""
    users = make_accounts("manager", HOSTS)
    HostMember.objects.bulk_create(
        HostMember(host=host, user=user, role=HostRole.MANAGER)
        for host, user in zip(Host.objects.order_by("pk"), users, strict=False)
    )
    return [user.email for user in users]


def make_accounts(name: str, count: int) -> list[User]:
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(email=f"{name}-{number}@example.com", name=f"{name} {number}", password=password)
        for number in range(count)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    return users
