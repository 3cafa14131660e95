"""Members of whom every word that is theirs has their mark in it, and what a page says of whom."""

import re
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.middleware.csrf import _unmask_cipher_token
from django.test import RequestFactory
from django.utils.crypto import get_random_string

from accounts.models import User
from events.models import Event, Favorite, Host, HostFollower
from tests.factories import days_from_now

MARK = re.compile(r"zq[0-9a-f]{8}", re.IGNORECASE)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]*)"')
CARD = re.compile(r'<article class="card">.*?</article>', re.DOTALL)
SLUG = re.compile(r'href="/event/([^/"]+)/"')


@dataclass
class Member:
    """``messages`` are cookies, each with one message that waits for them."""

    mark: str
    session_key: str
    messages: list[str]
    favorites: set[str] = field(default_factory=set)
    follows: set[str] = field(default_factory=set)
    secret: str = ""

    def __post_init__(self) -> None:
        self.favorites, self.follows = set(self.favorites), set(self.follows)
        self.secret = self.mark + get_random_string(32 - len(self.mark))

    @property
    def cookies(self) -> dict[str, str]:
        return {"sessionid": self.session_key, "csrftoken": self.secret}


def join(marks: list[str], messages: int) -> list[dict[str, Any]]:
    """What members of these marks are made from. Called in a process of the site's (insider.py)."""
    users = User.objects.bulk_create(
        User(email=f"{mark}@example.com", name=f"{mark} Lovelace", password=f"!{mark}")
        for mark in marks
    )
    events, hosts = list(Event.objects.order_by("pk")), list(Host.objects.order_by("pk"))
    made = []
    for number, (mark, user) in enumerate(zip(marks, users, strict=True)):
        event, host = events[number % len(events)], hosts[number % len(hosts)]
        Favorite.objects.create(user=user, event=event)
        if number % 3:
            HostFollower.objects.create(user=user, host=host, told_from=days_from_now(0))
        made.append(
            {
                "mark": mark,
                "session_key": session_of(user, mark),
                "messages": [message_of(f"Hello {mark}, number {n}.") for n in range(messages)],
                "favorites": [event.slug],
                "follows": [host.slug] if number % 3 else [],
            }
        )
    return made


def session_of(user: User, mark: str) -> str:
    """The key of one in which they are logged in."""
    engine = import_module(settings.SESSION_ENGINE)
    session = engine.SessionStore(mark + get_random_string(22))
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save(must_create=True)
    key: str = session.session_key
    return key


def message_of(text: str) -> str:
    """The cookie in which it waits."""
    storage = CookieStorage(RequestFactory().get("/"))
    cookie: str = storage._encode([Message(constants.INFO, text)])
    return cookie


def marks_in(text: str) -> set[str]:
    return {mark.lower() for mark in MARK.findall(text)}


def secrets_in(html: str) -> set[str]:
    """What the tokens of its forms stand for."""
    return {_unmask_cipher_token(token) for token in TOKEN.findall(html)}


def hearts_in(html: str) -> dict[str, bool]:
    """By the slug of each event that is on a card, whether it has a heart."""
    cards = CARD.findall(html)
    return {found[1]: "kept" in card for card in cards if (found := SLUG.search(card))}
