"""Bookings through the whole site: two workers, and what they, PostgreSQL and the clients cost."""

import os
from collections import Counter
from collections.abc import Iterator

import psutil

from loadtests.bench.child import started
from loadtests.bench.cpu import Server, Shares, cpu_seconds
from loadtests.bench.figures import Figure, median, percentile
from loadtests.bench.run import WORKERS, Run
from loadtests.bench.stage import check_inventory, make_ticket_type
from loadtests.client import Told

BUYERS = 50
PLACES = 100_000_000


def measure(run: Run) -> Iterator[Figure]:
    ticket_type = make_ticket_type(PLACES)
    rates: list[float] = []
    times: dict[str, list[float]] = {"choice": [], "details": [], "booking": []}
    not_booked = 0
    shares: list[dict[str, float]] = []
    costs: list[float] = []
    site = run.site()
    with started("loadtests.bench.crowd", os.environ) as crowd:
        order = {
            "url": site.url,
            "slug": ticket_type.event.slug,
            "ticket_type": ticket_type.pk,
            "buyers": BUYERS,
            "visitors": 0,
        }
        crowd.tell(**order, seconds=min(1.0, run.seconds))  # warm
        crowd.hear()
        web = psutil.Process(site.web.pid)
        groups = {
            "web": [web],
            "PostgreSQL": [Server().process],
            "clients": [psutil.Process(crowd.pid)],
        }
        for _ in range(run.rounds):
            measured, before = Shares(groups), cpu_seconds(web)
            crowd.tell(**order, seconds=run.seconds)
            report = crowd.hear()
            shares.append(measured.percent())
            told: Counter[str] = Counter(report["told"])
            costs.append(1000 * (cpu_seconds(web) - before) / max(1, told[Told.CONFIRMED]))
            not_booked += told.total() - told[Told.CONFIRMED]
            rates.append(told[Told.CONFIRMED] / report["seconds"])
            for form in times:
                times[form] += report["times"].get(form, [])
    check_inventory()
    of = f"{BUYERS} buyers, {WORKERS} workers"
    yield Figure("confirmed bookings over HTTP", median(rates), "/s", of)
    yield Figure("refused or failed over HTTP", not_booked, " forms", of)
    for form, found in times.items():
        for percent in (50, 95, 99):
            yield Figure(f"{form} over HTTP, p{percent}", percentile(found, percent), " ms", of)
    yield Figure("CPU of the web for a booking over HTTP, both forms", median(costs), " ms", of)
    for name in shares[0]:
        yield Figure(
            f"CPU of all cores meanwhile, {name}", median(share[name] for share in shares), " %"
        )
