"""Whether a rush on one event slows bookings of another, with the gate as set and wide open."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from events.models import TicketType
from loadtests.bench.child import Child, Report, started
from loadtests.bench.figures import Figure, median, percentile, ratio
from loadtests.bench.run import Run
from loadtests.bench.stage import check_inventory, make_ticket_type
from loadtests.client import Told

BUYERS = 50
PLACES = 100_000_000
GATES = {
    "the gate as set": "eventmate.wsgi",
    "the gate wide open": "loadtests.bench.wide_open",
}
PERCENTS = (50, 95)
# Measurements' length in the rush, where everything is slower, to that of those alone.
RUSH = 2


@dataclass
class Quiet:
    """How one buyer of a quiet event and one visitor of its page fared, in milliseconds; and
    everyone else, in bookings a second.
    """

    booking: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    rush: list[float] = field(default_factory=list)
    refused: int = 0
    failed: int = 0

    def add(self, report: Report) -> None:
        self.booking += report["times"].get("booking", [])
        self.page += report["times"]["page"]
        self._count(report)

    def add_rush(self, report: Report) -> None:
        self.rush.append(report["told"].get(Told.CONFIRMED, 0) / report["seconds"])
        self._count(report)

    def _count(self, report: Report) -> None:
        told: Counter[str] = Counter(report["told"])
        self.refused += told[Told.REFUSED]
        self.failed += told[Told.FAILED] + told[Told.NOTHING]


def measure(run: Run) -> Iterator[Figure]:
    quiet, hot = make_ticket_type(PLACES), make_ticket_type(PLACES)
    alone = Quiet()
    rushed = {gate: Quiet() for gate in GATES}
    urls = {gate: run.site(application).url for gate, application in GATES.items()}
    with ExitStack() as stack:
        few = stack.enter_context(started("loadtests.bench.crowd", os.environ))
        many = stack.enter_context(started("loadtests.bench.crowd", os.environ))
        for url in urls.values():
            _measure(few, url, quiet, min(1.0, run.seconds))  # warm
        for _ in range(run.rounds):
            for gate, url in urls.items():
                alone.add(_measure(few, url, quiet, run.seconds))
                seconds = RUSH * run.seconds
                _tell(many, url, hot, seconds, buyers=BUYERS)
                rushed[gate].add(_measure(few, url, quiet, seconds))
                rushed[gate].add_rush(many.hear())
    check_inventory()
    yield from _figures(alone, rushed)


def _measure(crowd: Child, url: str, ticket_type: TicketType, seconds: float) -> Report:
    _tell(crowd, url, ticket_type, seconds, buyers=1, visitors=1)
    return crowd.hear()


def _tell(
    crowd: Child,
    url: str,
    ticket_type: TicketType,
    seconds: float,
    *,
    buyers: int,
    visitors: int = 0,
) -> None:
    crowd.tell(
        url=url,
        slug=ticket_type.event.slug,
        ticket_type=ticket_type.pk,
        buyers=buyers,
        visitors=visitors,
        seconds=seconds,
    )


def _figures(alone: Quiet, rushed: dict[str, Quiet]) -> Iterator[Figure]:
    for gate, during in rushed.items():
        for percent in PERCENTS:
            yield ratio(
                f"a quiet event's booking beside a rush to alone, p{percent}, {gate}",
                percentile(during.booking, percent),
                percentile(alone.booking, percent),
                " ms",
            )
        for percent in PERCENTS:
            yield ratio(
                f"its page beside a rush to alone, p{percent}, {gate}",
                percentile(during.page, percent),
                percentile(alone.page, percent),
                " ms",
            )
        yield Figure(f"bookings of the rush meanwhile, {gate}", median(during.rush), "/s")
        yield Figure(f"told to try again meanwhile, {gate}", during.refused, " forms")
        yield Figure(f"failed meanwhile, {gate}", during.failed, " requests")
