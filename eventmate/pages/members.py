"""Who is logged in by a session, as far as a web worker has heard it from Django."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

from django.http import HttpRequest
from django.middleware.csrf import get_token

# Seconds for which it is believed, where nothing is heard of its end.
BELIEVED = 30.0
MOST = 5_000
# Characters. Django's are shorter; what is longer somebody made up.
LONGEST_KEY = 40
# Of a fact that holds for more, pages ask the database.
MOST_NUMBERS = 1_000


@dataclass
class Member:
    """``user_id`` is None where the session is nobody's. ``facts`` are, by name, the numbers for
    which they hold. ``secret`` is the CSRF cookie, and ``token`` what forms have of it.
    """

    user_id: int | None
    believed_until: float
    facts: dict[str, Collection[int]] = field(default_factory=dict)
    secret: str = ""
    token: bytes = b""

    def token_for(self, secret: str) -> bytes:
        """Made once for each cookie: its form is random, so that nothing can be read from the
        length of a compressed page, and these are not compressed together with anything.
        """
        if secret != self.secret:
            # All that Django looks at.
            request = SimpleNamespace(META={"CSRF_COOKIE": secret})
            self.secret, self.token = secret, get_token(cast(HttpRequest, request)).encode()
        return self.token


class Members:
    """By the key of their session, those who were seen last."""

    def __init__(self) -> None:
        self._members: OrderedDict[str, Member] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, session_key: str) -> Member | None:
        member = self._members.get(session_key)
        return member if member and time.monotonic() < member.believed_until else None

    def remember(
        self, session_key: str, user_id: int | None, facts: Mapping[str, Collection[int]]
    ) -> None:
        if len(session_key) > LONGEST_KEY:
            return
        few = {name: numbers for name, numbers in facts.items() if len(numbers) <= MOST_NUMBERS}
        with self._lock:
            now = time.monotonic()
            self._members[session_key] = Member(user_id, now + BELIEVED, few)
            self._members.move_to_end(session_key)
            while self._first_must_go(now):
                self._members.popitem(last=False)

    def _first_must_go(self, now: float) -> bool:
        """Whether there are too many, or the one of longest ago is not believed any longer."""
        first = next(iter(self._members.values()), None)
        return len(self._members) > MOST or (first is not None and first.believed_until < now)

    def forget(self, tags: Collection[str]) -> None:
        """Those of whom a change is told, as "user:5" or "session:" and a digest of the key."""
        if not any(tag.startswith(("user:", "session:")) for tag in tags):
            return
        with self._lock:
            for key, member in tuple(self._members.items()):
                if f"user:{member.user_id}" in tags or session_tag(key) in tags:
                    del self._members[key]

    def forget_all(self) -> None:
        with self._lock:
            self._members.clear()


def session_tag(session_key: str) -> str:
    """As PostgreSQL notes it where a session ends."""
    return f"session:{hashlib.md5(session_key.encode(), usedforsecurity=False).hexdigest()}"
