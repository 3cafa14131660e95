"""How the cost of each page grows with the events, with those who ask at once, and with workers."""

import os
from collections.abc import Iterator
from http import HTTPStatus

from loadtests.bench.child import Child, started
from loadtests.bench.costs import Asker, Cost
from loadtests.bench.figures import Figure
from loadtests.bench.page_sites import PageSites, page_sites
from loadtests.bench.run import WORKERS, Run
from loadtests.bench.visits import Asked, put_on

SIZES = (1_000, 10_000, 100_000, 1_000_000)
EVENTS, USERS, WEB_WORKERS = "events", "users", "workers"
# What a site says that has more to do than it can: at so many users it is a figure and no fault.
OVERLOAD = HTTPStatus.SERVICE_UNAVAILABLE

Costs = dict[str, Cost]


def measure(run: Run) -> Iterator[Figure]:
    """Of events, users and workers only one changes at a time, the others are as for `pages`; and
    each page is measured once at each place, so that there is an end to it.
    """
    sizes = run.sizes or SIZES
    found: dict[tuple[str, int], Costs] = {}
    with started("loadtests.bench.askers", os.environ) as child:
        for size in sorted({*sizes, run.catalogue}):
            pages = put_on(size, run.pages)
            with page_sites(run, workers=WORKERS) as sites:
                costs = _costs(run, child, sites, pages, users=run.connections)
                if size in sizes:
                    found[EVENTS, size] = costs
                if size == run.catalogue:
                    found[WEB_WORKERS, WORKERS] = costs
                    for users in run.users:
                        found[USERS, users] = _costs(run, child, sites, pages, users=users)
            if size == run.catalogue:
                with page_sites(run, workers=1) as sites:
                    costs = _costs(run, child, sites, pages, users=run.connections)
                    found[WEB_WORKERS, 1] = costs
    for axis in (EVENTS, USERS, WEB_WORKERS):
        yield from _figures(axis, {at: found[of, at] for of, at in sorted(found) if of == axis})


def _costs(run: Run, child: Child, sites: PageSites, pages: list[Asked], *, users: int) -> Costs:
    """Of each page, warm and cold, by the name of its row."""
    asker = Asker(child, users, run.seconds, may=(OVERLOAD,))
    costs = {}
    for asked in pages:
        for kind, site in sites._asdict().items():
            cost = costs[f"{asked.name}, {kind}"] = Cost()
            asker.ask(site, asked, cost)
    return costs


def _figures(axis: str, costs: dict[int, Costs]) -> list[Figure]:
    """All that `pages` tells, in a matrix for each kind of figure, with the places as columns."""
    return [
        Figure(row, value, unit, matrix=f"{name} by {axis}", column=f"{at:,}")
        for at, of_pages in costs.items()
        for row, cost in of_pages.items()
        for name, (value, unit) in [*cost.columns().items(), cost.refused_share]
    ]
