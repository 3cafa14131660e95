"""Many people log in at the same moment, and each password is work to check."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import FOUND
from uuid import uuid4

from eventmate.threads import THREADS
from loadtests.chaos.load import Ask, Records, Visitors
from loadtests.chaos.scenario import (
    Scale,
    Setting,
    Verdict,
    at_least,
    at_most,
    none,
    scenario,
    true,
)
from loadtests.chaos.scenarios.reloaded import SETTING
from loadtests.chaos.servers import wait_until
from loadtests.chaos.stage import PASSWORD, Person, Stage
from loadtests.client import Buyer

AT_ONCE = 20
# Of RFC 5737, for documentation.
ADDRESS = "203.0.113.{}"
LIVE = Ask("/health/live/")
LOGIN = "/accounts/login/"
BOUND = 0.1
"""Seconds."""
ON_THE_LOOP = Setting(application="loadtests.chaos.hashing_on_the_loop")
FROZEN = 0.5
"""Seconds, and more, that nobody is answered while one worker checks its share of passwords."""
HASH_ELSEWHERE = """
import hashlib
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor({threads}) as pool:
    for _ in range({threads}):
        pool.submit(hashlib.pbkdf2_hmac, "sha256", b"pass word", b"salt", 100_000_000)
"""

MAKE_PEOPLE = """
from django.contrib.auth.hashers import make_password
from accounts.models import User
password = make_password({password!r})
User.objects.bulk_create(User(email=email, password=password) for email in {emails!r})
"""


@scenario("logins", setting=SETTING)
def logins(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    beside = live_beside_other_work(stage, scale.of(5.0, short=0.3))
    during, told = rush(stage)
    live = during.named(LIVE.path)
    # On a machine that is busy elsewhere some come to their deadline.
    yield true("everyone is logged in", told == {FOUND: AT_ONCE}, dict(told), noisy=True)
    yield none("every page is right meanwhile", during.wrong)
    yield at_most("/health/live/ meanwhile, p50", live.percent(50), BOUND, " s")
    yield at_most("/health/live/ meanwhile, p99", live.percent(99), BOUND, " s")
    yield at_most("its p50, to that beside as much work elsewhere", ratio(live, beside, 50), 5)
    yield at_most("its p99, to that beside as much work elsewhere", ratio(live, beside, 99), 5)


@scenario("logins-on-the-loop", setting=ON_THE_LOOP)
def logins_on_the_loop(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    """What threads prevent."""
    during, _ = rush(stage)
    live = during.named(LIVE.path)
    yield at_least("without threads, the longest silence", live.slowest, FROZEN, " s")


def rush(stage: Stage) -> tuple[Records, Counter[int]]:
    """Let them all log in at once. Returns what others asked for meanwhile, and the log-ins'
    statuses.
    """
    people = make_people(stage, AT_ONCE)
    with ThreadPoolExecutor(AT_ONCE) as pool, stage.load(*others(stage)) as load:
        wait_until(load.records, "no visitor comes")
        start = time.monotonic()
        told = Counter(pool.map(log_in, people))
        end = time.monotonic()
    return load.between(start, end), told


def others(stage: Stage) -> list[Visitors]:
    slug = stage.event.slug
    page = Ask(f"/event/{slug}/", shows=slug)
    return [Visitors([LIVE], count=4, pause=0.02), Visitors([page], count=4, pause=0.2)]


def log_in(person: Person) -> int:
    person.buyer.get(LOGIN)
    answer = person.buyer.post(LOGIN, {"login": person.email, "password": PASSWORD})
    person.buyer.close()
    return answer.status


def live_beside_other_work(stage: Stage, seconds: float) -> Records:
    """Health checks while other processes hash with as many threads as the site's have."""
    script = HASH_ELSEWHERE.format(threads=THREADS)
    with ExitStack() as running:
        for _ in range(stage.setting.workers):
            other = running.enter_context(subprocess.Popen([sys.executable, "-c", script]))
            running.callback(other.kill)
        load = running.enter_context(stage.load(*others(stage)))
        wait_until(load.records, "no visitor comes")
        return load.watch(seconds).named(LIVE.path)


def ratio(records: Records, others: Records, percent: int) -> float:
    return records.percent(percent) / others.percent(percent)


def make_people(stage: Stage, count: int) -> list[Person]:
    """With one password that is hashed once."""
    emails = [f"{uuid4().hex[:10]}@example.com" for _ in range(count)]
    script = MAKE_PEOPLE.format(password=PASSWORD, emails=emails)
    stage.site.manage("shell", "--no-imports", "-c", script)
    # As one machine that tries many passwords is refused.
    return [
        Person(email, Buyer(stage.site.url, comes_from=ADDRESS.format(number)))
        for number, email in enumerate(emails)
    ]
