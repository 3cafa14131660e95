"""What a page costs a site while so many visitors ask for it as fast as it comes."""

import re
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

import psutil

from loadtests.bench.child import Child, Report
from loadtests.bench.cpu import Server, cpu_seconds
from loadtests.bench.figures import median, percentile
from loadtests.bench.visits import Asked
from loadtests.client import Buyer
from loadtests.site import LiveSite

WARM_UP = 0.3
"""Seconds at most."""
QUERIES = re.compile(r'^eventmate_database_queries_total\{route="(.+)"\} (\S+)$', re.MULTILINE)
OWN_ROUTE = "health:metrics"
MOST_TO_WARM_UP = 32
"""Users."""
LOG_SHOWN = 5_000
"""Characters."""


@dataclass
class Cost:
    """Of all rounds in which one page was asked for; a rate is the median of theirs."""

    rates: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    requests: int = 0
    refused: int = 0
    web_cpu: float = 0.0
    database_cpu: float = 0.0
    asking_cpu: float = 0.0
    queries: float = 0.0
    bytes: float = 0.0

    def add(self, report: Report, meter: "Meter") -> None:
        served = len(report["times"])
        self.rates.append(served / report["seconds"])
        self.times += report["times"]
        self.requests += sum(report["statuses"].values())
        self.refused += sum(report["statuses"].values()) - served
        self.web_cpu += meter.web_cpu
        self.database_cpu += meter.database_cpu
        self.asking_cpu += report["cpu"]
        self.queries += meter.queries
        self.bytes = report["bytes"]

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def refused_share(self) -> tuple[str, tuple[float, str]]:
        """A column more, where a site may refuse what is too much for it."""
        return "refused %", (100 * self.refused / max(1, self.requests), " %")

    def columns(self) -> dict[str, tuple[float, str]]:
        """What one row of a matrix says, with units."""
        each = 1 / max(1, self.requests)
        return {
            "requests/s": (self.rate, "/s"),
            "p50 ms": (percentile(self.times, 50), " ms"),
            "p95 ms": (percentile(self.times, 95), " ms"),
            "p99 ms": (percentile(self.times, 99), " ms"),
            "CPU ms": (1000 * self.web_cpu * each, " ms"),
            "PostgreSQL ms": (1000 * self.database_cpu * each, " ms"),
            "client ms": (1000 * self.asking_cpu * each, " ms"),
            "queries": (self.queries * each, " queries"),
            "bytes": (self.bytes, " bytes"),
        }


class Meter:
    """What a site spends in the block that it is a context of."""

    def __init__(self, site: LiveSite) -> None:
        self._site = site
        self._web = psutil.Process(site.web.pid)
        self._database = Server()

    def __enter__(self) -> Self:
        self.queries = -queries_so_far(self._site)
        self.database_cpu = -self._database.cpu_seconds()
        self.web_cpu = -cpu_seconds(self._web)
        return self

    def __exit__(self, *_: object) -> None:
        self.web_cpu += cpu_seconds(self._web)
        self.database_cpu += self._database.cpu_seconds()
        self.queries += queries_so_far(self._site)


def queries_so_far(site: LiveSite) -> float:
    """Of all requests of all workers, but for those that asked for this."""
    page = Buyer(site.url).get("/metrics/").page
    return sum(float(count) for route, count in QUERIES.findall(page) if route != OWN_ROUTE)


@dataclass(frozen=True, slots=True)
class Asker:
    """So many ``users`` at once in a process of their own, for so many ``seconds`` each time.

    Whatever is not 200 ends the run, and so does a page that does not show what it should; but not
    what a site is allowed to say that has more to do than it can (``may``).
    """

    child: Child
    users: int
    seconds: float
    may: tuple[int, ...] = ()

    def ask(self, site: LiveSite, asked: Asked, cost: Cost) -> None:
        """Add what it costs, once those who ask and all workers are in the middle of it."""
        where = urlsplit(site.url)
        self._visit(
            site,
            host=where.hostname,
            port=where.port,
            paths=list(asked.paths),
            shows=list(asked.paths.values()),
            visitors=[[visitor.cookie, visitor.shows] for visitor in asked.visitors],
            may=self.may,
            users=min(self.users, MOST_TO_WARM_UP),
            seconds=min(WARM_UP, self.seconds),
        )
        with Meter(site) as meter:
            report = self._visit(site, users=self.users, seconds=self.seconds)
        cost.add(report, meter)

    def _visit(self, site: LiveSite, **order: Any) -> Report:
        self.child.tell(**order)
        report = self.child.hear()
        assert not report["wrong"], f"{report['wrong']}\n{site.log.read_text()[-LOG_SHOWN:]}"
        return report
