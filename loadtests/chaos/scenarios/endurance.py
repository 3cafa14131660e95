"""Five hundred people for minutes on end: what the site holds must not grow."""

import itertools
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import linear_regression
from uuid import uuid4

from loadtests.chaos.load import Ask, Records, Visitors
from loadtests.chaos.scenario import Scale, Setting, Verdict, at_most, none, scenario, true
from loadtests.chaos.servers import wait_until
from loadtests.chaos.stage import Stage
from loadtests.client import Answer, Buyer, Told

PEOPLE, LOGGED_IN = 500, 100
PAUSE = 10.0
BOOKERS = 4
BOOKING_PAUSE = 2.0
WORKERS, POOL = 2, 10
# What /health/ready/ and /metrics/ open for themselves.
OF_HEALTH_CHECKS = 2
P99 = 1.0
MEGABYTE = 2**20
GROWTH = 0.5
"""Megabytes a minute of one worker."""
WARM_UP = 0.3
"""Of the samples, which are not judged."""
SAMPLES = 60
# No worker is replaced, as that would hide what it hoards.
ENVIRONMENT = {
    "DATABASE_POOL_SIZE": f"{POOL}",
    "GUNICORN_KEEPALIVE": "75",
    "GUNICORN_MAX_REQUESTS": "0",
    "RATE_LIMIT_ENABLED": "1",
}
LOG_IN = """
import json
from django.conf import settings
from django.test import Client
from accounts.models import User
keys = []
for email in {emails!r}:
    client = Client()
    client.force_login(User.objects.create(email=email), settings.AUTHENTICATION_BACKENDS[0])
    keys.append(settings.SESSION_COOKIE_NAME + "=" + client.session.session_key)
print(json.dumps(keys))
"""


@dataclass(frozen=True)
class Sample:
    """Of a moment: of each worker its megabytes and open files; connections to PostgreSQL."""

    minute: float
    memory: list[float]
    files: list[int]
    connections: int

    def __str__(self) -> str:
        memory = " + ".join(f"{value:.1f}" for value in self.memory)
        files = " + ".join(map(str, self.files))
        return f"{self.minute:5.1f} min  {memory} MB  {files} files  {self.connections} connections"


@dataclass
class Bookers:
    """Each booking is that of someone new."""

    stage: Stage
    answers: list[Answer] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _enough: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._book_on) for _ in range(BOOKERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._enough.set()
            for thread in threads:
                thread.join()

    def _book_on(self) -> None:
        event = self.stage.event
        while not self._enough.wait(BOOKING_PAUSE):
            number = next(self._numbers)
            # Of RFC 2544, beside those of the visitors.
            address = f"198.19.{number // 250 % 250}.{number % 250}"
            buyer = Buyer(self.stage.site.url, comes_from=address)
            buyer.open_booking_page(event.slug)
            name = f"booker-{number}"
            self.answers.append(buyer.book(event.slug, {event.ticket_types[0]: 1}, name=name))
            buyer.close()


@scenario("endurance", setting=Setting(workers=WORKERS, environment=ENVIRONMENT))
def endurance(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    seconds = 60 * scale.of(scale.minutes, short=0.1)
    bookers = Bookers(stage)
    with stage.load(*people(stage)) as load, bookers.at_work():
        wait_until(load.records, "no visitor comes")
        started = {worker.pid for worker in stage.site.workers()}
        samples = list(sampled(stage, seconds))
        assert started == {worker.pid for worker in stage.site.workers()}, "workers were replaced"
    records = load.records()
    yield true("requests answered", len(records) > PEOPLE / 2, len(records))
    yield none("every page is right", told_when(records.wrong, records[0].start))
    not_made = [answer for answer in bookers.answers if answer.told is not Told.CONFIRMED]
    yield none("every booking is made", (f"{row.told}, {row.status}" for row in not_made))
    yield at_most("p99", records.percent(99), P99, " s")
    most = max(sample.connections for sample in samples)
    yield at_most("connections to PostgreSQL", most, WORKERS * POOL + OF_HEALTH_CHECKS, noisy=False)
    if not scale.is_short:
        yield from flat(samples)


def people(stage: Stage) -> list[Visitors]:
    slug = stage.event.slug
    pages = [Ask("/"), Ask("/events/"), Ask(f"/event/{slug}/", shows=slug)]
    anyone = Visitors(pages, count=PEOPLE - LOGGED_IN, pause=PAUSE)
    return [anyone, *(logged_in(pages, cookies) for cookies in log_in(stage))]


def logged_in(pages: list[Ask], cookies: str) -> Visitors:
    own = [Ask("/accounts/profile/", name="profile"), *pages]
    asks = [Ask(ask.path, ask.shows, name=ask.name, cookies=cookies) for ask in own]
    return Visitors(asks, count=1, pause=PAUSE)


def log_in(stage: Stage) -> list[str]:
    """The cookies of people who are logged in, each with an account of their own."""
    emails = [f"{uuid4().hex[:10]}@example.com" for _ in range(LOGGED_IN)]
    script = LOG_IN.format(emails=emails)
    printed = stage.site.manage("shell", "--no-imports", "-c", script)
    cookies: list[str] = json.loads(printed.splitlines()[-1])
    return cookies


def sampled(stage: Stage, seconds: float) -> Iterator[Sample]:
    start = time.monotonic()
    for number in range(SAMPLES):
        time.sleep(max(0.0, start + seconds * (number + 1) / SAMPLES - time.monotonic()))
        workers = sorted(stage.site.workers(), key=lambda worker: worker.pid)
        sample = Sample(
            (time.monotonic() - start) / 60,
            [worker.memory_info().rss / MEGABYTE for worker in workers],
            [worker.num_fds() for worker in workers],
            stage.connections(),
        )
        if number % (SAMPLES // 10) == 0:
            sys.stderr.write(f"{sample}\n")
        yield sample


def flat(samples: list[Sample]) -> Iterator[Verdict]:
    judged = samples[int(len(samples) * WARM_UP) :]
    minutes = [sample.minute for sample in judged]
    for number in range(WORKERS):
        memory = linear_regression(minutes, [sample.memory[number] for sample in judged]).slope
        yield at_most(f"memory of worker {number + 1}", memory, GROWTH, " MB a minute", noisy=False)
    files = linear_regression(minutes, [sum(sample.files) for sample in judged]).slope
    yield at_most("open files", files, 1, " a minute", noisy=False)


def told_when(wrong: Records, start: float) -> list[str]:
    return [f"after {(row.start - start) / 60:.1f} min, {row}" for row in wrong]
