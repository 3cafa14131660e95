"""Redis is killed, or hangs, under load; and is back."""

import statistics
import time
from collections.abc import Iterator

from loadtests.chaos.load import Ask, Records, Visitors
from loadtests.chaos.scenario import Scale, Verdict, at_least, at_most, none, scenario, true
from loadtests.chaos.servers import wait_until
from loadtests.chaos.stage import Person, Stage

PROFILE = "profile"
VISITORS = 20
ERRORS = "eventmate_cache_errors_total"
BREAKERS = "eventmate_cache_breakers_open"
SESSIONS = 1
"""The number of their database in Redis."""
BACK_WITHIN = 3.0
PROBE_INTERVAL = 2.0
EXTRA_ONCE = 0.3
NOTICEABLE = 0.08
"""Seconds above the usual that tell a request that waited for Redis (0.1 s) from others."""


@scenario("redis-killed")
def redis_killed(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    person, newcomer = stage.person(), stage.person()
    seconds = scale.of(6.0, short=2.0)
    befores, durings, backs = [], [], []
    assert person.log_in(), "no log-in"
    with stage.load(visitors(stage, person, scale)) as load:
        load.watch(1)
        for number in range(scale.of(3, short=1)):
            befores.append(load.watch(seconds))
            stage.redis.kill()
            start = time.monotonic()
            if number == 0:
                yield true("log-in works", newcomer.log_in() and newcomer.is_logged_in())
                open_breakers = stage.figure(BREAKERS)
                yield true("the breakers are seen open", open_breakers > 0, open_breakers)
            durings.append(load.watch(seconds, since=start))
            stage.redis.start()
            backs.append(until_used(stage))
        after = load.watch(seconds)
    yield from nothing_lost(durings)
    yield from nothing_lost([after], "afterwards, ")
    ratios = [
        now.percent(99) / then.percent(99) for now, then in zip(durings, befores, strict=True)
    ]
    yield at_most("p99 while it is gone, to that of before", statistics.median(ratios), 2)
    yield at_most("used again after its start", max(backs), BACK_WITHIN, " s")


@scenario("redis-hung")
def redis_hung(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    person = stage.person()
    seconds = scale.of(10.0, short=2.5)
    assert person.log_in(), "no log-in"
    with stage.load(visitors(stage, person, scale)) as load:
        load.watch(1)
        before = load.watch(seconds)
        errors_before = stage.figure(ERRORS)
        waits_before = stage.figure(ERRORS, error="TimeoutError")
        start = time.monotonic()
        stage.redis.hang()
        during = load.watch(seconds, since=start)
        errors = stage.figure(ERRORS) - errors_before
        waits = stage.figure(ERRORS, error="TimeoutError") - waits_before
        hung_for = time.monotonic() - start
        stage.redis.resume()
        back = until_used(stage)
        after = load.watch(seconds / 2)
    usual = before.percent(50)
    waited, of_noise = (
        records.where(lambda record: record.seconds > usual + NOTICEABLE)
        for records in (during, before)
    )
    probes = stage.setting.workers * (1 + hung_for / PROBE_INTERVAL)
    # Those that were under way, or came before the first of them had waited.
    at_first = waited.where(lambda record: record.start < start + EXTRA_ONCE)
    yield from nothing_lost([during])
    yield from nothing_lost([after], "afterwards, ")
    slow, bound = len(waited) - len(at_first), probes + len(of_noise)
    yield at_most("slow requests after the first, and as usual", slow, bound)
    yield at_least("commands that Redis did not answer", errors, 1)
    # Each visitor may be waiting for it when it hangs.
    yield at_most("of them, those that were waited for", waits, VISITORS + probes, noisy=False)
    # What the machine costs without a fault is not counted.
    allowed = EXTRA_ONCE + max(usual, before.slowest)
    yield at_most("the slowest, with what is usual", during.slowest, allowed, " s")
    yield at_most("used again after it woke", back, BACK_WITHIN, " s")


@scenario("redis-log-out")
def redis_log_out(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    """A log-out while Redis hangs: it wakes with the session still in its memory. Each worker has
    visitors who use it. One without any would believe Redis 2 s longer: docs/adr/0019.
    """
    leaving, staying = stage.person(), stage.person()
    for person in (leaving, staying):
        assert person.log_in(), "no log-in"
        assert person.is_logged_in(), "no profile"
    stolen = leaving.cookies
    with stage.load(visitors(stage, staying, scale)) as load:
        load.watch(1)
        with stage.redis.connect(SESSIONS) as connection:
            assert connection.keys(f"*{session_key(stolen)}*"), "not kept in Redis"
        stage.redis.hang()
        yield true("one can log out", leaving.log_out())
        yield none("nobody is logged in by it meanwhile", let_in(stage, stolen, 0.0))
        wait_until(lambda: all_know(stage), "a worker does not know that Redis hangs")
        stage.redis.resume()
        yield none("nor when Redis wakes", let_in(stage, stolen, scale.of(8.0, short=3.0)))
    yield none("who did not log out stays logged in", load.records().named(PROFILE).wrong)
    yield true("and who did can log in again", leaving.log_in() and leaving.is_logged_in())


def all_know(stage: Stage) -> bool:
    opened = stage.figure(BREAKERS, cache="sessions")
    return opened >= stage.setting.workers


def visitors(stage: Stage, person: Person, scale: Scale) -> Visitors:
    slug = stage.event.slug
    profile = Ask("/accounts/profile/", shows=person.email, name=PROFILE, cookies=person.cookies)
    pages = [Ask("/"), profile, Ask(f"/event/{slug}/", shows=slug), profile]
    return Visitors(pages, count=VISITORS, pause=scale.of(0.2, short=0.4))


def nothing_lost(rounds: list[Records], when: str = "") -> Iterator[Verdict]:
    records = Records(record for found in rounds for record in found)
    yield at_least(f"{when}pages of people", len(records.named(PROFILE)), 1)
    yield none(f"{when}no page fails", records.failed)
    yield none(f"{when}nobody is logged out", records.named(PROFILE).wrong)
    yield none(f"{when}no page is wrong", records.wrong)


def commands(stage: Stage, seconds: float) -> float:
    """How many commands the site sends to Redis in a second."""
    with stage.redis.connect() as connection:
        first = connection.info("stats")["total_commands_processed"]
        time.sleep(seconds)
        # INFO itself is one.
        return (connection.info("stats")["total_commands_processed"] - first - 1) / seconds


def until_used(stage: Stage) -> float:
    """Seconds until all workers trust it again, and some send it commands."""
    return wait_until(
        lambda: not stage.figure(BREAKERS) and commands(stage, 0.2) > 1, "Redis is not used again"
    )


def session_key(cookies: str) -> str:
    parts = dict(part.split("=", 1) for part in cookies.split("; "))
    return parts["sessionid"]


def let_in(stage: Stage, cookies: str, seconds: float) -> list[int]:
    """The answers that showed the profile to someone with these cookies, for so long."""
    found = []
    end = time.monotonic() + seconds
    while True:
        status = stage.get("/accounts/profile/", Cookie=cookies).status
        found += [status] if status not in {302, 303} else []
        if time.monotonic() >= end:
            return found
        time.sleep(0.05)
