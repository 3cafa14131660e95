"""The pages that are asked for in the bench, and who asks: a full catalogue, and members who have
sessions and bookings.
"""

import string
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import User
from bookings.models import Booking
from events.models import Listing
from loadtests.bench.searches import fill_to
from loadtests.bench.stage import Order, add_bookings, make_ticket_type
from loadtests.load.stage import make_accounts

# So few that all workers know them before the clock runs.
MEMBERS = 32
BOOKINGS = 3  # of each member
# Of a kind of page: so few that a cache holds them all.
EVENTS = 8
FILTERS = 4
TEXTS = ("jazz", "python workshop", "ceramics", "chess club")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A Cookie header, and what a page shows to its owner and to nobody else."""

    cookie: str
    shows: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Addresses of one kind of page, with what their pages show, and those who ask for it."""

    page: str
    who: str
    paths: dict[str, str]
    visitors: list[Visitor]

    @property
    def name(self) -> str:
        return f"{self.page}, {self.who}"

    def instead(self, path: str) -> Self:
        """The same visitors at an address whose reply has nothing to show."""
        of_nobody = [replace(visitor, shows="") for visitor in self.visitors]
        return replace(self, paths={path: ""}, visitors=of_nobody)


def put_on(size: int, wanted: Collection[str]) -> list[Asked]:
    """What is asked for at so many events, by visitors and by members, of the pages ``wanted``."""
    fill_to(size)
    members = _members()
    references = _references(members)
    cookies = _log_in(members)
    visitors = {
        "anonymous": [Visitor("", "Log in")],
        "logged in": [Visitor(cookie, "Log out") for cookie in cookies.values()],
    }
    pages = [
        Asked(page, who, paths, visitors[who])
        for page, paths in _public_pages().items()
        for who in visitors
    ]
    own = [Visitor(cookie, references[pk]) for pk, cookie in cookies.items()]
    pages.append(Asked("my bookings", "logged in", {"/bookings/": "My bookings"}, own))
    return [asked for asked in pages if asked.page in wanted]


def _public_pages() -> dict[str, dict[str, str]]:
    generated = Listing.objects.exclude(event__slug__startswith="rush-")
    listings = generated.order_by("-popularity", "event")
    now = timezone.now()
    on_sale = listings.filter(available_from__lte=now, available_until__gt=now)
    in_cities = listings.filter(city__isnull=False).values("city__slug", "category__slug")
    filters = [
        {"city": row["city__slug"], "category": row["category__slug"]}
        for row in in_cities[:FILTERS]
    ]
    slugs = on_sale.values_list("event__slug", flat=True)[:EVENTS]
    return {
        "home": {"/": "</html>"},
        "list": {"/events/": 'href="/event/'},
        "filtered list": {f"/events/?{urlencode(some)}": 'href="/event/' for some in filters},
        "search": {f"/events/?{urlencode({'q': text})}": f'value="{text}"' for text in TEXTS},
        "detail": {f"/event/{slug}/": f"/event/{slug}/" for slug in slugs},
        "booking page": {f"/event/{slug}/book/": 'name="quantity_' for slug in slugs},
    }


def _members() -> list[User]:
    """The same ones each time that it is asked."""
    made = list(User.objects.filter(email__startswith="reader-"))
    return made or make_accounts("reader", MEMBERS)


def _log_in(members: list[User]) -> dict[int, str]:
    """The Cookie header of each, as of somebody who has just done so."""
    store = SessionStore()
    sessions = {
        user.pk: Session(
            session_key=get_random_string(32, string.ascii_lowercase),
            session_data=store.encode(
                {
                    SESSION_KEY: str(user.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: user.get_session_auth_hash(),
                }
            ),
            expire_date=store.get_expiry_date(),
        )
        for user in members
    }
    Session.objects.bulk_create(sessions.values())
    return {
        pk: f"sessionid={session.session_key}; csrftoken={get_random_string(32)}"
        for pk, session in sessions.items()
    }


def _references(members: list[User]) -> dict[int, str]:
    """That of a booking of each member, made if there is none yet."""
    bookings = Booking.objects.filter(user__in=members)
    if not bookings.exists():
        for _ in range(BOOKINGS):
            ticket_type = make_ticket_type(len(members) + 1)
            add_bookings(Order(ticket_type, user.email, user) for user in members)
    return dict(bookings.values_list("user_id", "reference"))
