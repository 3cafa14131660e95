"""SIGHUP, which an operator sends for new code or settings, while visitors keep their connections.

A request fails where no whole answer comes on a connection that the site has not announced to be
closing, be it new or kept. Visitors do not try again by themselves, as browsers do. Beside them
someone sends a form of which half is there when the first signal comes.
"""

import http.client
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus

import psutil

from loadtests.chaos.load import Ask, Records, Visitors
from loadtests.chaos.scenario import Scale, Setting, Verdict, at_most, none, scenario, true
from loadtests.chaos.servers import wait_until
from loadtests.chaos.stage import Stage
from loadtests.site import LiveSite

# What gunicorn_config.py says; the sites of the tests have next to no time to stop.
GRACE = 15.0
SETTING = Setting(
    # A request that a scenario keeps waiting for a lock must not give up on a slow machine.
    session="-c lock_timeout=30s -c statement_timeout=30s",
    environment={
        "GUNICORN_GRACEFUL_TIMEOUT": f"{GRACE:g}",
        "REQUEST_BODY_TIMEOUT": f"{GRACE:g}",
    },
)
LONGEST_WAIT = 10.0
"""Seconds: new workers have the code to load while the old ones answer nobody new."""
ANSWERED = "403"
"""What the sender of a form without a CSRF token is told."""
FORM = b"login=anna@example.com&password=none"


@scenario("reloaded", setting=SETTING)
def reloaded(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    slug = stage.event.slug
    asks = [Ask("/health/live/"), Ask(f"/event/{slug}/", shows=slug), Ask("/accounts/login/")]
    with stage.load(Visitors(asks, count=scale.of(200, short=100), pause=2.0)) as load:
        wait_until(load.records, "no visitor comes")
        load.watch(scale.of(5.0, short=1.5))
        told = reload_amid_a_form(stage.site, scale.of(6.0, short=2.0))
        for _ in range(scale.of(2, short=1)):
            reload(stage.site)
            load.watch(scale.of(4.0, short=1.0))
    yield true("a form half sent is answered", told == ANSWERED, told)
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
    old = replace_workers(site)
    wait_until(lambda: not runs_any(old), "the old workers run")


def reload_amid_a_form(site: LiveSite, held_back: float) -> str:
    """Do the same while a form without a CSRF token arrives; return what its sender is told. The
    second half is sent so many seconds after the signal, or, where the site does not give that
    much time, when nothing is left of its workers.
    """
    grace = float(site.environment["GUNICORN_GRACEFUL_TIMEOUT"])
    with closing(http.client.HTTPConnection(site.url.removeprefix("http://"))) as sender:
        sender.putrequest("POST", "/accounts/login/")
        sender.putheader("Content-Type", "application/x-www-form-urlencoded")
        sender.putheader("Content-Length", str(len(FORM)))
        sender.endheaders(FORM[:10])
        wait_until(lambda: is_taken(site, sender.sock), "no worker takes the form")
        old = replace_workers(site)
        told_at = time.monotonic()
        wait_until(
            lambda: not runs_any(old) or held_back < time.monotonic() - told_at < grace,
            "the old workers run",
        )
        try:
            sender.send(FORM[10:])
            told = str(sender.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            told = repr(error)
    wait_until(lambda: not runs_any(old), "the old workers run")
    return told


def is_taken(site: LiveSite, client: socket.socket) -> bool:
    """Whether a worker has the other end of the connection."""
    ours = client.getsockname()
    return any(
        one.raddr == ours for worker in site.workers() for one in worker.net_connections("tcp")
    )


def replace_workers(site: LiveSite) -> list[psutil.Process]:
    """Send SIGHUP; return the workers whose time has come."""
    old = site.workers()
    assert old, "no workers to replace"
    psutil.Process(site.web.pid).send_signal(signal.SIGHUP)
    return old


def runs_any(workers: list[psutil.Process]) -> bool:
    return any(worker.is_running() for worker in workers)
