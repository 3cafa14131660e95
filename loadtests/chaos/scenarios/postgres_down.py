"""PostgreSQL is restarted, down for a while, or hangs, under load."""

import time
from collections.abc import Callable, Iterator
from http import HTTPStatus

from loadtests.chaos.load import Ask, Load, Record, Visitors
from loadtests.chaos.scenario import Scale, Verdict, at_least, at_most, none, scenario, true
from loadtests.chaos.servers import wait_until
from loadtests.chaos.stage import Person, Stage

PROFILE, SEEN, LIVE, READY = "profile", "seen before", "live", "ready"
POOL = 20
"""Connections of one worker at most, as gunicorn_config.py has it for few workers."""
LOOKS = 12
BETWEEN_LOOKS = 1.0
DEADLINE = 10.0
"""Of a request: settings.REQUEST_DEADLINE, where the environment says nothing."""
POOL_TIMEOUT = 3.0
REFUSED_WITHIN = 4.0
NOTICED_WITHIN = 3.0
"""Seconds after which the health checks know."""


@scenario("postgres-restarted")
def restarted(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    person = stage.person()
    assert person.log_in(), "no log-in"
    with stage.load(visitors(stage, person, scale)) as load:
        load.watch(scale.of(5.0, short=1.5))
        begun = stage.query("SELECT pg_postmaster_start_time()")
        start = time.monotonic()
        stage.postgres.restart()
        back = time.monotonic()
        assert stage.query("SELECT pg_postmaster_start_time()") != begun, "it was not restarted"
        load.watch(scale.of(10.0, short=2.5))
        records = load.records()
    since = records.where(lambda record: record.end >= start)
    in_flight = since.where(lambda record: record.start <= back)
    again = since.where(lambda record: record.start >= back).well_again_after(back)
    measured = f"{len(since.wrong)}, {len(in_flight)} in flight until it was back"
    # Who comes after it went waits for a connection, and so long only.
    each = 1 + (back - start) // POOL_TIMEOUT
    fewer = len(since.wrong) <= len(in_flight) and since.wrong.most_of_one_visitor <= each
    yield true("at most one error for each request in flight", fewer, measured)
    yield at_most("all well again within", again, 1.5, " s")
    yield from nothing_lost(stage)


@scenario("postgres-down")
def down(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    person = stage.person()
    assert person.log_in(), "no log-in"
    see_pages(stage)
    with stage.load(visitors(stage, person, scale), *monitors()) as load:
        load.watch(scale.of(5.0, short=1.5))
        stage.postgres.stop()
        start = time.monotonic()
        load.watch(scale.of(20.0, short=4.5))
        wait_until(lambda: is_noticed(load, start), "nobody notices that it is gone")
        end = time.monotonic()
        stage.postgres.start()
        back = time.monotonic()
        load.watch(scale.of(10.0, short=2.5))
        records = load.records()
    out = records.where(lambda record: start <= record.start and record.end < end)
    known = out.where(lambda record: record.start > start + NOTICED_WITHIN)
    needing = out.named(PROFILE)
    yield at_least("what needs it was asked for", len(needing), 1)
    yield none("and is refused with 503 and Retry-After", needing.where(is_no_refusal))
    yield at_most("within", needing.slowest, REFUSED_WITHIN, " s")
    yield none("pages seen before are still served", out.named(SEEN).wrong)
    yield none("/health/live/ stays 200", records.named(LIVE).wrong)
    not_told = known.named(READY).where(lambda record: record.status != 503)
    yield none("/health/ready/ is 503", not_told)
    yield at_least("and was asked", len(known.named(READY)), 1)
    again = records.where(lambda record: record.start >= back).well_again_after(back)
    yield at_most("all well again within", again, 2, " s")
    yield from nothing_lost(stage)


@scenario("postgres-hung")
def hung(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    person = stage.person()
    assert person.log_in(), "no log-in"
    seconds = DEADLINE + scale.of(10.0, short=1.0)
    with stage.load(visitors(stage, person, scale), *monitors()) as load:
        load.watch(scale.of(5.0, short=1.5))
        start = time.monotonic()
        stage.postgres.hang()
        load.watch(seconds)
        stage.postgres.resume()
        back = time.monotonic()
        load.watch(scale.of(15.0, short=2.5))
    records = load.records()
    since = records.where(lambda record: record.end >= start)
    caught = since.where(lambda record: record.start < back)
    needing = caught.named(PROFILE)
    yield at_least("what needs it waited", needing.slowest, 1, " s")
    yield none("all have an answer", since.where(lambda record: record.error))
    yield at_most("by the deadline and a second", since.slowest, DEADLINE + 1, " s")
    failed = caught.where(lambda record: record.name != READY).failed
    yield none("errors are 503 with Retry-After", failed.where(is_no_refusal))
    yield none("/health/live/ stays 200", records.named(LIVE).wrong)
    again = records.where(lambda record: record.start >= back).well_again_after(back)
    yield at_most("all well again within", again, 2, " s")
    yield from nothing_lost(stage)


def visitors(stage: Stage, person: Person, scale: Scale) -> Visitors:
    slug = stage.event.slug
    profile = Ask("/accounts/profile/", shows=person.email, name=PROFILE, cookies=person.cookies)
    seen = [Ask("/", name=SEEN), Ask(f"/event/{slug}/", shows=slug, name=SEEN)]
    pages = [seen[0], profile, seen[1], profile]
    return Visitors(pages, count=20, pause=scale.of(0.2, short=0.4))


def see_pages(stage: Stage) -> None:
    """Once, so that there are copies of them, however few visitors come in time."""
    for path in ("/", f"/event/{stage.event.slug}/"):
        assert stage.get(path).status == HTTPStatus.OK, path


def is_noticed(load: Load, start: float) -> bool:
    """Whether somebody was answered who needs it, and monitors that may know."""
    out = load.between(start)
    known = out.where(lambda record: record.start > start + NOTICED_WITHIN)
    return bool(out.named(PROFILE) and known.named(READY))


def monitors() -> tuple[Visitors, Visitors]:
    live, ready = Ask("/health/live/", name=LIVE), Ask("/health/ready/", name=READY)
    return Visitors([live], count=2, pause=0.25), Visitors([ready], count=2, pause=0.25)


def is_no_refusal(record: Record) -> bool:
    return record.status != HTTPStatus.SERVICE_UNAVAILABLE or not record.retry_after


def nothing_lost(stage: Stage, pool: int = POOL) -> Iterator[Verdict]:
    """After the visitors have left, all connections are back in the pools, and not too many."""
    bound = stage.setting.workers * pool
    opened = settled(stage.connections, bound)
    # Where it hung, attempts to connect that were given up may stay until memory is collected.
    yield at_most("connections to it", opened, bound, noisy=True)
    yield at_least("that the pools tell of", stage.figure("eventmate_pool_connections"), 1)
    # The request that asks uses one.
    lent = settled(lambda: stage.figure("eventmate_pool_connections", state="used"), 1)
    yield at_most("of them, lent to nobody that is there", lent, 1, noisy=False)


def settled(measure: Callable[[], float], bound: float) -> float:
    """The first of some looks that is within the bound, or the last. Workers tell once a second."""
    for _ in range(LOOKS):
        time.sleep(BETWEEN_LOOKS)
        if (found := measure()) <= bound:
            break
    return found
