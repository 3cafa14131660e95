"""All connections of the pools are in use, and stay so: someone has locked a table."""

import time
from collections.abc import Iterator

from loadtests.chaos.load import Ask, Visitors
from loadtests.chaos.scenario import Scale, Setting, Verdict, at_least, at_most, none, scenario
from loadtests.chaos.scenarios.postgres_down import LIVE, is_no_refusal, nothing_lost
from loadtests.chaos.servers import wait_until
from loadtests.chaos.stage import Stage

POOL = 2
# Each page has to ask the database.
SETTING = Setting(environment={"DATABASE_POOL_SIZE": str(POOL), "PAGE_CACHE_MEMORY": "0"})
LOCKED, OTHER = "needs the locked table", "needs another"
LOCK = "LOCK TABLE accounts_user IN ACCESS EXCLUSIVE MODE"
LOCK_TIMEOUT = 2.0
POOL_TIMEOUT = 3.0
SLACK = 1.0
WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'
"""


@scenario("pool-exhausted", setting=SETTING)
def exhausted(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    person = stage.person()
    assert person.log_in(), "no log-in"
    profile = Ask("/accounts/profile/", shows=person.email, name=LOCKED, cookies=person.cookies)
    # A page of which no copy is kept.
    other = Ask("/events/?q=jazz", name=OTHER)
    live = Ask("/health/live/", name=LIVE)
    groups = (
        Visitors([profile], count=30, pause=scale.of(0.1, short=0.3), keep_connection=False),
        Visitors([other], count=5, pause=scale.of(0.1, short=0.3)),
        Visitors([live], count=2, pause=0.1),
    )
    connections = POOL * stage.setting.workers
    with stage.postgres.connect() as holder, stage.load(*groups) as load:
        load.watch(scale.of(5.0, short=2.0))
        holder.execute("BEGIN")
        holder.execute(LOCK)
        start = time.monotonic()
        wait_until(lambda: waiting(stage) >= connections, "not all connections wait for the lock")
        load.watch(scale.of(15.0, short=5.5))
        end = time.monotonic()
        holder.execute("COMMIT")
        load.watch(scale.of(10.0, short=2.0))
        records = load.records()
    held = records.where(lambda record: start <= record.start < end)
    yield at_least("connections that wait for the lock", connections, connections)
    refused = held.failed
    yield at_least("requests that were refused", len(refused), 1)
    yield none("each with 503 and Retry-After", refused.where(is_no_refusal))
    yield at_most("half of them within", refused.percent(50), POOL_TIMEOUT + 0.5, " s")
    bound = POOL_TIMEOUT + LOCK_TIMEOUT + SLACK
    yield at_most("none hangs, the slowest took", held.slowest, bound, " s")
    yield none("/health/live/ stays 200", records.named(LIVE).wrong)
    again = records.where(lambda record: record.start >= end).well_again_after(end)
    yield at_most("all well again within", again, 2, " s")
    yield from nothing_lost(stage, POOL)


def waiting(stage: Stage) -> int:
    return int(stage.query(WAITING)[0][0])
