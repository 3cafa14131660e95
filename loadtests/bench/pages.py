"""What each page costs, cold and warm, for visitors and members, beside a bare reply and a plain
view of the same size on the same workers.
"""

import os
from collections import defaultdict
from collections.abc import Iterator

from loadtests.bench.child import started
from loadtests.bench.costs import Asker, Cost
from loadtests.bench.figures import Figure, ratio
from loadtests.bench.page_sites import PageSites, page_sites
from loadtests.bench.run import WORKERS, Run
from loadtests.bench.visits import Asked, put_on

MATRIX = "pages"
WARM, COLD, BARE, PLAIN = "warm", "cold", "bare reply", "plain view"

Costs = dict[str, Cost]


def measure(run: Run) -> Iterator[Figure]:
    pages = put_on(run.catalogue, run.pages)
    costs: list[Costs] = [defaultdict(Cost) for _ in pages]
    with (
        page_sites(run, workers=WORKERS) as sites,
        started("loadtests.bench.askers", os.environ) as child,
    ):
        asker = Asker(child, run.connections, run.seconds)
        for _ in range(run.rounds):
            for asked, of_page in zip(pages, costs, strict=True):
                _ask_in_turn(asker, sites, asked, of_page)
    for asked, of_page in zip(pages, costs, strict=True):
        yield from _figures(asked, of_page)


def _ask_in_turn(asker: Asker, sites: PageSites, asked: Asked, costs: Costs) -> None:
    """For all four, so that what else goes on at the machine is in each of them."""
    asker.ask(sites.warm, asked, costs[WARM])
    asker.ask(sites.cold, asked, costs[COLD])
    size = round(costs[WARM].bytes)
    asker.ask(sites.warm, asked.instead(f"/bare/{size}"), costs[BARE])
    asker.ask(sites.warm, asked.instead(f"/plain/{size}/"), costs[PLAIN])


def _figures(asked: Asked, costs: Costs) -> Iterator[Figure]:
    for kind in (WARM, COLD):
        what = f"{asked.name}, {kind}: requests/s to a bare reply of its size"
        yield ratio(what, costs[kind].rate, costs[BARE].rate, "/s")
    for kind, cost in costs.items():
        row = f"{asked.name}, {kind}"
        for beside in (BARE, PLAIN):
            to_beside = cost.rate / costs[beside].rate
            yield Figure(row, to_beside, matrix=MATRIX, column=f"to {beside}")
        for column, (value, unit) in cost.columns().items():
            yield Figure(row, value, unit, matrix=MATRIX, column=column)
