"""`python -m loadtests.load`: so many people on the site for so many seconds, and one headline.

Gunicorn with as many workers as `make run` starts, the job worker, a PostgreSQL and a Redis of the
run's own, 100,000 events, and Locust with `loadtests/locustfile.py`, all on this machine. The rate
limits are on; each visit comes from an address of its own.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import psutil
import redis

from eventmate.embedded.paths import REPOSITORY
from eventmate.embedded.process import Process
from loadtests.bench.figures import Figure, machine, table
from loadtests.services import start
from loadtests.site import AS_MAKE_RUN, LiveSite, serving

if TYPE_CHECKING:
    from loadtests.load.watch import Watch

LOG_SHOWN = 20_000
"""Characters."""
BUSY = ("Slow: ", "Service Unavailable: ")
"""In lines of the log, of which a site on all cores writes thousands."""
IDLE = 10.0
"""Percent of the cores. Where more is left, it is not they that bound a run."""


@dataclass(frozen=True, slots=True)
class Run:
    """``report`` is what Locust found (`loadtests/locustfile.py`), the rest what the site took."""

    report: dict[str, Any]
    cpu: Mapping[str, float]
    memory: Mapping[str, float]
    worker_memory: Sequence[float]
    connections: int
    confirmed: int
    differences: int

    @property
    def is_clean(self) -> bool:
        booked = len(self.report["booked"])
        return not (self.report["errors"] or self.differences) and self.confirmed == booked


def main() -> int:
    arguments = _parser().parse_args()
    with ExitStack() as services:
        folder = Path(services.enter_context(TemporaryDirectory(prefix="eventmate-load-")))
        database_url = start(services, folder)
        # Only now, as they import models.
        from loadtests.load.stage import put_on

        sys.stderr.write(f"Adding {arguments.events:,} events ...\n")
        offer = put_on(arguments.events)
        (folder / "offer.json").write_text(json.dumps(asdict(offer)))
        about = machine()
        site = services.enter_context(
            serving(database_url, folder, workers=arguments.workers, more=AS_MAKE_RUN)
        )
        jobs = services.enter_context(site.working())
        run = visit(site, jobs, folder, arguments)
        log = site.log.read_text()
    sys.stdout.write(f"{headline(run, arguments)}\n\n{table(about, figures(run))}\n\n")
    sys.stdout.write("\n".join([*run.report["errors"], bound(run), ""]))
    if not run.is_clean:
        sys.stderr.write(f"\nThe end of what is unusual in the site's log:\n{unusual(log)}")
    return 0 if run.is_clean else 1


def unusual(log: str) -> str:
    """Its end, without what a site says that has more visitors than it can answer."""
    lines = (
        line for line in log.splitlines(keepends=True) if not any(word in line for word in BUSY)
    )
    return "".join(lines)[-LOG_SHOWN:]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m loadtests.load", description=__doc__)
    cores = len(os.sched_getaffinity(0))
    parser.add_argument("--users", type=int, default=500, help="at once; %(default)s without it")
    parser.add_argument("--seconds", type=int, default=120, help="once all are there; %(default)s")
    parser.add_argument("--spawn-rate", type=int, default=5, help="who come in a second")
    parser.add_argument("--events", type=int, default=100_000, help="%(default)s without it")
    parser.add_argument(
        "--people", nargs="+", metavar="CLASS", default=[], help="of the locustfile; all without it"
    )
    parser.add_argument(
        "--workers", type=int, default=max(2, cores), help="of Gunicorn; as `make run`, %(default)s"
    )
    return parser


def visit(site: LiveSite, jobs: Process, folder: Path, arguments: argparse.Namespace) -> Run:
    """Let everyone come, watch the site once all are there, and count what they booked."""
    from bookings.models import Booking, BookingStatus
    from bookings.services.verification import find_differences

    with _people(site, folder, arguments) as people:
        groups = {"web": site.web.pid, "job worker": jobs.pid, **servers(), "Locust": people.pid}
        watch = watched(site, people, groups, arguments.seconds)
        people.terminate()
        people.communicate()
    report = json.loads((folder / "report.json").read_text())
    booked = Booking.objects.filter(reference__in=report["booked"])
    return Run(
        report=report,
        cpu=watch.cpu,
        memory=watch.most_memory,
        worker_memory=watch.worker_memory,
        connections=watch.most_connections,
        confirmed=booked.filter(status=BookingStatus.CONFIRMED).count(),
        differences=len(find_differences()),
    )


def servers() -> dict[str, int]:
    """The process that each began with."""
    from django.db import connection

    from loadtests.bench.cpu import Server

    found = {"PostgreSQL": Server().process.pid}
    connection.close()  # not one of the site's
    if "REDIS_URL" in os.environ:
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
            found["Redis"] = client.info("server")["process_id"]
    return found


def watched(
    site: LiveSite,
    people: "subprocess.Popen[str]",
    groups: Mapping[str, int | None],
    seconds: float,
) -> "Watch":
    """What the site took in so many seconds from when all were there."""
    from loadtests.load.watch import Watch

    assert people.stdout
    if not any(line.startswith("all are here") for line in people.stdout):
        raise SystemExit(f"Locust ended before all were there, with {people.wait()}.")
    of_pid = {name: [psutil.Process(pid)] for name, pid in groups.items()}
    with Watch(of_pid, site.database_url) as watch:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            watch.look()
            time.sleep(1)
            if people.poll() is not None:
                raise SystemExit(f"Locust ended too soon, with {people.returncode}.")
    return watch


@contextmanager
def _people(
    site: LiveSite, folder: Path, arguments: argparse.Namespace
) -> Iterator["subprocess.Popen[str]"]:
    command = [
        *(sys.executable, "-m", "locust", "--locustfile=loadtests/locustfile.py", "--headless"),
        *("--host", site.url, "--users", str(arguments.users)),
        *("--spawn-rate", str(arguments.spawn_rate)),
        *("--reset-stats", "--only-summary", "--exit-code-on-error=0", "--loglevel=WARNING"),
        *arguments.people,
    ]
    files = {
        "EVENTMATE_OFFER": str(folder / "offer.json"),
        "EVENTMATE_REPORT": str(folder / "report.json"),
    }
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY, env=os.environ | files
    ) as locust:
        try:
            yield locust
        finally:
            locust.kill()


def headline(run: Run, arguments: argparse.Namespace) -> str:
    total = run.report["total"]
    return (
        f"{arguments.users} people for {arguments.seconds} s:"
        f" {total['per_second']:,.0f} requests/s,"
        f" mean {total['mean']:.0f} ms, p95 {total['p95']:.0f} ms, p99 {total['p99']:.0f} ms,"
        f" {total['failures']} errors; {len(run.report['booked'])} bookings made,"
        f" {run.confirmed} found confirmed in the database,"
        f" {run.differences} differences in the inventory"
    )


def figures(run: Run) -> Iterator[Figure]:
    for name, page in sorted(run.report["pages"].items()):
        times = f"p50 {page['p50']:.0f}, p95 {page['p95']:.0f}, p99 {page['p99']:.0f} ms"
        yield Figure(name, page["per_second"], "/s", times)
    for name, percent in run.cpu.items():
        yield Figure(f"CPU of all cores, {name}", percent, " %")
    for name, megabytes in run.memory.items():
        yield Figure(f"memory at most, {name}", megabytes, " MB")
    yield Figure(
        "memory at most, a web worker alone",
        max(run.worker_memory),
        " MB",
        course(run.worker_memory),
    )
    yield Figure("connections to PostgreSQL at most", run.connections, "")


def course(values: Sequence[float]) -> str:
    """The largest of each quarter of a run, in their order."""
    ends = [round(len(values) * quarter / 4) for quarter in range(5)]
    quarters = [values[start:end] for start, end in itertools.pairwise(ends) if start < end]
    return f"by quarters of the run {', '.join(f'{max(quarter):.0f}' for quarter in quarters)}"


def bound(run: Run) -> str:
    """What more requests a second would need."""
    idle = run.cpu["idle"]
    if idle >= IDLE:
        return f"Bound by the people: {idle:.0f} % of the cores were idle, as they read."
    busiest = max(run.cpu, key=lambda name: run.cpu[name])
    return f"Bound by the cores, of which {run.cpu[busiest]:.0f} % went to: {busiest}."


if __name__ == "__main__":
    sys.exit(main())
