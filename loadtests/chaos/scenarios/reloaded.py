"""SIGHUP, which an operator sends for new code or settings, while visitors keep their connections.

A request fails where no whole answer comes on a connection that the site has not announced to be
closing, be it new or kept. Visitors do not try again by themselves, as browsers do.
"""

import signal
from collections.abc import Iterator
from http import HTTPStatus

import psutil

from loadtests.chaos.load import Ask, Records, Visitors
from loadtests.chaos.scenario import Scale, Setting, Verdict, at_most, none, scenario
from loadtests.chaos.servers import wait_until
from loadtests.chaos.stage import Stage
from loadtests.site import LiveSite

# What gunicorn_config.py says; the sites of the tests have next to no time to stop.
GRACE = 15.0
SETTING = Setting(environment={"GUNICORN_GRACEFUL_TIMEOUT": f"{GRACE:g}"})
LONGEST_WAIT = 10.0
"""Seconds: new workers have the code to load while the old ones answer nobody new."""


@scenario("reloaded", setting=SETTING)
def reloaded(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    slug = stage.event.slug
    asks = [Ask("/health/live/"), Ask(f"/event/{slug}/", shows=slug), Ask("/accounts/login/")]
    with stage.load(Visitors(asks, count=scale.of(200, short=100), pause=2.0)) as load:
        wait_until(load.records, "no visitor comes")
        load.watch(scale.of(5.0, short=1.5))
        for _ in range(scale.of(3, short=2)):
            reload(stage.site)
            load.watch(scale.of(4.0, short=1.0))
    yield from judge(load.records())


def judge(records: Records) -> Iterator[Verdict]:
    unanswered = records.where(lambda record: not record.status)
    broken_off = unanswered.where(lambda record: "IncompleteRead" in record.error)
    yield none("no answer breaks off", broken_off)
    yield none("every request is answered", (row for row in unanswered if row not in broken_off))
    yield none(
        "no answer blames the server",
        records.where(lambda record: record.status >= HTTPStatus.INTERNAL_SERVER_ERROR),
    )
    yield none("every answer is right", records.wrong)
    yield at_most("the longest wait", records.slowest, LONGEST_WAIT, " s")


def reload(site: LiveSite) -> None:
    """Send SIGHUP, and wait until nothing is left of the workers that there were."""
    old = site.workers()
    assert old, "no workers to replace"
    psutil.Process(site.web.pid).send_signal(signal.SIGHUP)
    wait_until(lambda: not any(worker.is_running() for worker in old), "the old workers run")
