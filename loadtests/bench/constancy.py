"""Whether the last ticket of a big event costs what the first one did."""

import time
from collections.abc import Iterator

from events.models import TicketType
from loadtests.bench.figures import Figure, median, percentile, ratio
from loadtests.bench.run import Run
from loadtests.bench.stage import book, check_inventory, fill_up, make_ticket_type, vacuum

SAMPLE = 500
# Bookings of one event before it is the other's turn, so that both have the same noise.
TURN = 25


def measure(run: Run) -> Iterator[Figure]:
    """Sell the last tickets of one event and the first of another, in turns."""
    sample = min(SAMPLE, run.tickets // 4)
    nearly_full = make_ticket_type(run.tickets + 1)
    fill_up(nearly_full, run.tickets - sample)
    fresh = make_ticket_type(run.tickets + 1)
    vacuum()
    last: list[float] = []
    first: list[float] = []
    for done in range(0, sample, TURN):
        turn = min(TURN, sample - done)
        first += _times(fresh, turn)
        last += _times(nearly_full, turn)
    check_inventory()
    nearly_full.stock.refresh_from_db()
    assert nearly_full.stock.taken == run.tickets
    what = f"last {sample} tickets to first {sample} of {run.tickets:,}, time of a booking"
    yield ratio(f"{what}, median", median(last), median(first), " ms")
    yield ratio(f"{what}, p95", percentile(last, 95), percentile(first, 95), " ms")


def _times(ticket_type: TicketType, bookings: int) -> list[float]:
    """Milliseconds of each booking: a hold of one ticket, and its confirmation."""
    times = []
    for number in range(bookings):
        started = time.perf_counter()
        book(ticket_type, number)
        times.append(1000 * (time.perf_counter() - started))
    return times
