"""Members of whom every word that is theirs has their mark in it, and what a page says of whom."""

import re
from dataclasses import dataclass, field
from importlib import import_module
from itertools import cycle
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
from events.models import Event, Favorite, HostFollower

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
    """What members of these marks are made from. Called in a process of the site's (insider.py).
    Each keeps one of the events and follows its host, one after the other.
    """
    users = User.objects.bulk_create(
        User(email=f"{mark}@example.com", name=f"{mark} Lovelace", password=f"!{mark}")
        for mark in marks
    )
    events = cycle(Event.objects.select_related("host").order_by("pk"))
    made = []
    for mark, user, event in zip(marks, users, events, strict=False):
        Favorite.objects.create(user=user, event=event)
        HostFollower.objects.create(user=user, host=event.host)
        made.append(
            {
                "mark": mark,
                "session_key": session_of(user, mark),
                "messages": [message_of(f"Hello {mark}, number {n}.") for n in range(messages)],
                "favorites": [event.slug],
                "follows": [event.host.slug],
            }
        )
    return made


def session_of(user: User, mark: str) -> str:
    """The key of one in which they are logged in."""
    engine = import_module(settings.SESSION_ENGINE)
    session = engine.SessionStore(mark + get_random_string(32 - len(mark)))
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save(must_create=True)
    key: str = session.session_key
    return key


def session_of_owner(slug: str) -> str:
    """The key of one of whoever owns the host of that event."""
    return session_of(Event.objects.get(slug=slug).host.owner, "")


def toggle_favorite(mark: str, slug: str) -> None:
    user, event = User.objects.get(email=f"{mark}@example.com"), Event.objects.get(slug=slug)
    if not Favorite.objects.filter(user=user, event=event).delete()[0]:
        Favorite.objects.create(user=user, event=event)


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
