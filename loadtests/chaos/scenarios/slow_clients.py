"""A thousand connections that send or read as slowly as they can (slowhttptest), and visitors who
each come on a new one.
"""

import contextlib
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import psutil

from loadtests.chaos.load import Ask, Visitors
from loadtests.chaos.scenario import Scale, Setting, Verdict, at_most, none, scenario, true
from loadtests.chaos.servers import wait_until
from loadtests.chaos.stage import Stage

PROGRAM = "slowhttptest"
CONNECTIONS = 1000
# Of them, as a few have been cut off when the last one comes.
OPEN_AT_ONCE = 900
LARGE_FILE = "/static/vendor/pico/pico.min.css"
P99 = 1.0
APPLICATION = "loadtests.chaos.far_away"
# Seconds that a head and a body may take: all come together on a slow machine too, before the first
# are cut off.
ENVIRONMENT = {"GUNICORN_KEEPALIVE": "20", "REQUEST_BODY_TIMEOUT": "20"}
SETTING = Setting(workers=2, application=APPLICATION, environment=ENVIRONMENT)

ATTACKS = {
    "slow headers": ("-H", "/", "-i", "1"),
    "slow bodies": ("-B", "/accounts/login/", "-i", "1", "-s", "8192"),
    "slow readers": ("-X", LARGE_FILE, "-w", "32", "-y", "64", "-z", "16", "-n", "2"),
}


@scenario("slow-clients", setting=SETTING)
def slow_clients(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    for name, (mode, path, *options) in ATTACKS.items():
        yield from attack(stage, scale, name, [mode, *options, "-u", f"{stage.site.url}{path}"])


@scenario("slow-clients-5-workers", setting=replace(SETTING, workers=5))
def slow_clients_of_five_workers(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    yield from slow_clients(stage, scale)


def attack(stage: Stage, scale: Scale, name: str, options: Sequence[str]) -> Iterator[Verdict]:
    slug = stage.event.slug
    asks = [Ask("/health/live/"), Ask("/accounts/login/"), Ask(f"/event/{slug}/", shows=slug)]
    visitors = Visitors(asks, count=10, pause=0.2, keep_connection=False)
    with stage.load(visitors) as load, attackers(options):
        wait_until(lambda: open_connections(stage) >= OPEN_AT_ONCE, f"no {name}")
        wait_until(load.records, "no visitor comes")
        during = load.watch(scale.of(10.0, short=2.0))
        at_the_end = open_connections(stage)
    yield true(f"{name}: {OPEN_AT_ONCE} are connected", True, f"{at_the_end} at the end")
    yield none(f"{name}: every visitor is answered", during.wrong)
    yield at_most(f"{name}: visitors' p99", during.percent(99), P99, " s")
    wait_until(lambda: open_connections(stage) < OPEN_AT_ONCE // 10, f"{name} stay")


@contextmanager
def attackers(options: Sequence[str]) -> Iterator[None]:
    program = shutil.which(PROGRAM)
    assert program, f"{PROGRAM} is not installed; on Debian: apt install {PROGRAM}"
    counts = ["-c", f"{CONNECTIONS}", "-r", f"{CONNECTIONS // 2}", "-l", "60"]
    running = subprocess.Popen(
        [program, *options, *counts], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        running.send_signal(signal.SIGINT)
        running.wait()


def open_connections(stage: Stage) -> int:
    count = 0
    for worker in stage.site.workers():
        with contextlib.suppress(psutil.NoSuchProcess):
            count += sum(
                found.status == psutil.CONN_ESTABLISHED for found in worker.net_connections("tcp")
            )
    return count
