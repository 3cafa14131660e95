"""Workers that the kernel ends at once, as it does where memory runs out."""

import time
from collections.abc import Iterator

import psutil

from loadtests.chaos.load import Ask, Load, Records, Visitors
from loadtests.chaos.scenario import Scale, Verdict, at_most, none, scenario, true
from loadtests.chaos.scenarios.reloaded import SETTING
from loadtests.chaos.servers import wait_until
from loadtests.chaos.stage import Stage

VISITORS = 20
ATTEMPTS = 10
LONGEST_WAIT = 10.0
"""Seconds until other workers stand in for those that were killed, and have loaded the code."""


@scenario("worker-killed", setting=SETTING)
def worker_killed(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    slug = stage.event.slug
    page = f"/event/{slug}/"
    with stage.load(Visitors([Ask(page, shows=slug)], count=VISITORS, pause=0.5)) as load:
        wait_until(load.records, "no visitor comes")
        load.watch(scale.of(3.0, short=1.0))
        killed_one = time.monotonic()
        kill(stage.site.workers()[:1])
        others = [stage.get(page).status for _ in range(ATTEMPTS)]
        load.watch(scale.of(5.0, short=1.0))
        wait_until(lambda: all_served_since(load, killed_one), "a visitor is not served again")
        killed_all = time.monotonic()
        kill(stage.site.workers())
        alone = stage.get(page, patience=3 * LONGEST_WAIT).status
        served = time.monotonic() - killed_all
        load.watch(scale.of(3.0, short=1.0))
    records = load.records()
    lost = records.where(lambda record: not record.status)
    yield true("one of two is killed: the next requests are served", set(others) == {200}, others)
    yield true("all are killed: the next request is served", alone == 200, alone)
    yield at_most("it waits for another worker", served, LONGEST_WAIT, " s")
    yield none("no answer blames the server", records.where(lambda record: record.status >= 500))
    yield none("nobody is lost twice", twice(lost, records))
    # The fault itself.
    yield true("only what was under way is lost", 0 < len(lost) <= 2 * VISITORS, len(lost))


def kill(workers: list[psutil.Process]) -> None:
    for worker in workers:
        worker.kill()
    wait_until(lambda: not any(worker.is_running() for worker in workers), "killed workers run")


def all_served_since(load: Load, moment: float) -> bool:
    return {row.visitor for row in load.between(moment).right} == set(range(VISITORS))


def twice(lost: Records, records: Records) -> Iterator[str]:
    """Visitors whose request after one that was lost was not answered either."""
    for row in lost:
        later = [other for other in records if other.visitor == row.visitor]
        following = later[later.index(row) + 1 :]
        if following and not following[0].status:
            yield str(following[0])
