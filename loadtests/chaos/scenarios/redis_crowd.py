"""A healthy Redis, and more clients than there are connections to it."""

from collections.abc import Iterator

from loadtests.chaos.load import Ask, Visitors
from loadtests.chaos.scenario import Scale, Verdict, at_least, none, scenario, true
from loadtests.chaos.scenarios.postgres_down import is_no_refusal
from loadtests.chaos.scenarios.redis_down import BREAKERS, ERRORS
from loadtests.chaos.stage import Stage

CLIENTS = 400
"""Of each worker; twice as many places as a pool of the short form has are enough there."""
AT_ONCE = 100
"""Of each worker, at the busiest moment: what redis-py's own pool could not serve."""


@scenario("redis-crowd")
def crowd(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    person = stage.person()
    assert person.log_in(), "no log-in"
    slug, workers = stage.event.slug, stage.setting.workers
    page = Ask(f"/event/{slug}/?utm_source=chaos", shows=slug)
    profile = Ask("/accounts/profile/", shows=person.email, name="profile", cookies=person.cookies)
    count = workers * scale.of(CLIENTS, short=150)
    before = errors_of_pools(stage)
    # A connection that is kept that long may be closed by the site in the moment that one asks.
    everyone = Visitors(
        [page, profile, Ask("/")], count=count, pause=5.0, at_once=True, keep_connection=False
    )
    with stage.load(everyone) as load:
        load.watch(scale.of(20.0, short=1.0), least=count)
    records = load.records()
    at_once = records.most_at_once
    yield at_least("requests at once", at_once, workers * AT_ONCE)
    # PostgreSQL's pools let only so many wait, and refuse the others.
    yield none("no page fails but by a refusal", records.failed.where(is_no_refusal))
    yield none("nobody is logged out", records.where(lambda record: record.status == 302))
    errors = errors_of_pools(stage) - before
    yield true("no errors of Redis's pools in the metrics", not errors, f"{errors:g}")
    # One that is given no time to answer by the machine is given up like one that hangs.
    opened = stage.figure(BREAKERS)
    yield true("no breaker open", not opened, f"{opened:g}", noisy=True)


def errors_of_pools(stage: Stage) -> float:
    return stage.figure(ERRORS, error="PoolFullError")
