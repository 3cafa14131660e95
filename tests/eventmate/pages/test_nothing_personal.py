"""Many people look at the same pages at once, and none gets to see what is another's."""

import random
import secrets
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.core.cache import caches
from redis import Redis

from eventmate.pages.page import STANDS_IN
from loadtests.site import LiveSite
from tests.eventmate.metrics.scrape import scrape
from tests.eventmate.pages import scene
from tests.eventmate.pages.insider import Insider
from tests.eventmate.pages.members import (
    TOKEN,
    Member,
    hearts_in,
    join,
    marks_in,
    secrets_in,
)
from tests.eventmate.pages.visitors import Reply, Visitor

MEMBERS, STRANGERS = 50, 6
SECONDS = 8.0
MESSAGES = 20
EVENTS = [f"event-{number}" for number in range(4)]
HOSTS = [f"host-{number}" for number in range(2)]
PAGES = [
    *("/", "/events/", "/events/?q=jazz", "/city/berlin/", "/category/music/"),
    *(f"/event/{slug}/" for slug in EVENTS),
    *(f"/host/{slug}/" for slug in HOSTS),
]
ENCODINGS = ["", "gzip", "gzip, br", "gzip, deflate, br, zstd"]
ORIGINS = ["none", "same-origin", "cross-site"]
FROM_MEMORY = "eventmate_cache_lookups_total,front,hit"

pytestmark = pytest.mark.timeout(240)


class Browsing:
    """One person's, who checks all that they are shown."""

    def __init__(self, site: LiveSite, member: Member | None) -> None:
        self.looks = 0
        self._member = member
        self._visitor = Visitor(site, **(member.cookies if member else {}))

    def go_on_until(self, end: float) -> int:
        while time.monotonic() < end:
            self.look(random.choice(PAGES))
            if self._member and random.random() < 0.1:
                self.toggle(self._member, random.choice(EVENTS))
        return self.looks

    def look(self, path: str, message: str = "") -> str:
        """The page, which is theirs."""
        self.looks += 1
        member = self._member
        if member and not message and member.messages and random.random() < 0.1:
            self._visitor.cookies["messages"] = member.messages.pop()
            message = f"Hello {member.mark}, number {len(member.messages)}."
        encoding, origin = random.choice(ENCODINGS), random.choice(ORIGINS)
        reply = self._visitor.get(path, Accept_Encoding=encoding, Sec_Fetch_Site=origin)
        html = reply.html
        assert reply.status == 200, path
        assert message in html, path
        others = marks_in(html + str(reply.headers)) - {member.mark if member else ""}
        assert not others, path
        if member:
            check_member(path, html, member)
        else:
            check_stranger(path, html, reply)
        return html

    def toggle(self, member: Member, slug: str) -> None:
        path = f"/event/{slug}/"
        token = TOKEN.findall(self.look(path))[0]
        form = {"csrfmiddlewaretoken": token, "next": path}
        assert self._visitor.post(f"{path}favorite/", form).status == 302
        member.favorites ^= {slug}
        self.look(path, message="among your favourites.")


def check_member(path: str, html: str, member: Member) -> None:
    assert "Log out" in html
    assert secrets_in(html) <= {member.secret}, path
    for slug, has_heart in hearts_in(html).items():
        assert has_heart == (slug in member.favorites), (path, slug)
    _, kind, slug, *_ = [*path.split("/"), ""]
    if kind == "event":
        assert ("Remove from favourites" in html) == (slug in member.favorites), path
        assert ("Keep as favourite" in html) == (slug not in member.favorites), path
    if kind == "host":
        assert (">Unfollow<" in html) == (slug in member.follows), path


def check_stranger(path: str, html: str, reply: Reply) -> None:
    assert "Log in" in html
    assert not secrets_in(html), path
    assert not any(hearts_in(html).values()), path
    assert "Set-Cookie" not in reply.headers, path
    assert reply.headers["Cache-Control"].startswith("public"), path


@pytest.fixture(scope="module")
def members(site: LiveSite, insider: Insider) -> list[Member]:
    insider(scene.put_up_many, EVENTS, HOSTS)
    marks = [f"zq{secrets.token_hex(4)}" for _ in range(MEMBERS)]
    members = [Member(**made) for made in insider(join, marks, MESSAGES)]
    # Pages with events of the same names, from other tests, may stand in for as long.
    time.sleep(STANDS_IN)
    return members


def shared_entries(site: LiveSite, redis_url: str) -> Iterator[tuple[str, Any]]:
    """The pages and last copies in Redis, by their keys."""
    serializer = caches["default"].client._serializer
    with Redis.from_url(redis_url, db=0) as redis:
        for kind in ("page", "last-copy"):
            for key in redis.keys(f"{site.environment['CACHE_KEY_PREFIX']}:*{kind}:*"):
                yield key.decode(), serializer.loads(redis.get(key))


def test_fifty_people_at_once_see_only_what_is_theirs(
    site: LiveSite, members: list[Member], redis_url: str
) -> None:
    before = scrape(site.url)
    everybody = [Browsing(site, member) for member in (*members, *[None] * STRANGERS)]
    end = time.monotonic() + SECONDS
    with ThreadPoolExecutor(len(everybody)) as threads:
        looks = list(threads.map(partial(Browsing.go_on_until, end=end), everybody))

    assert min(looks) > 0
    after = scrape(site.url)
    assert after[FROM_MEMORY] - before.get(FROM_MEMORY, 0) > sum(looks) / 10

    entries = dict(shared_entries(site, redis_url))
    assert {f"{path}" for key in entries for path in PAGES if key.endswith(f":{path}")} == set(
        PAGES
    )
    for key, entry in entries.items():
        packed = entry["packed"] if "page:" in key and isinstance(entry, dict) else entry[2]
        text = zlib.decompress(packed).decode() + str(entry)
        assert not marks_in(text), key
        assert not any(secrets_in(text)), key
