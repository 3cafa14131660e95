"""Confirmed bookings a second on one event: through the service, and the same SQL in pgbench."""

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack

from django.db.models.fields.json import KeyTextTransform
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking, BookingChange, Message
from events.models import TicketType
from loadtests.bench.child import Child, started
from loadtests.bench.cpu import Server
from loadtests.bench.figures import Figure, median, ratio
from loadtests.bench.pgbench import Pgbench
from loadtests.bench.run import Run
from loadtests.bench.stage import check_inventory, make_ticket_type
from loadtests.bench.statements import script_of_a_booking

WRITERS = (1, 2, 4, 8)
PROCESSES = 2
PLACES = 100_000_000


def measure(run: Run) -> Iterator[Figure]:
    ticket_type = make_ticket_type(PLACES)
    script = run.folder / "booking.sql"
    script.write_text(script_of_a_booking(ticket_type))
    pgbench = Pgbench(script, run.database_url)
    service_rates: dict[int, list[float]] = defaultdict(list)
    pgbench_rates: dict[int, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        environment = {**os.environ, "DATABASE_POOL_SIZE": "10"}
        children = [
            stack.enter_context(started("loadtests.bench.writer", environment))
            for _ in range(PROCESSES)
        ]
        service = Service(children, ticket_type.pk)
        service.rate(writers=PROCESSES, seconds=min(1.0, run.seconds))  # warm
        service.forget()
        for _ in range(run.rounds):
            for count in WRITERS:
                pgbench_rates[count].append(pgbench.rate(clients=count, seconds=run.seconds))
                service_rates[count].append(service.rate(writers=count, seconds=run.seconds))
    check_inventory()
    _check_all_did_the_same(ticket_type)
    writers, ours = _best(service_rates)
    clients, theirs = _best(pgbench_rates)
    yield ratio(
        "service to pgbench, confirmed bookings on one hot event",
        ours,
        theirs,
        "/s",
        f"best at {writers} writers and {clients} clients",
    )
    for count in WRITERS:
        yield Figure(f"through the service, {count} writers", median(service_rates[count]), "/s")
        yield Figure(
            f"the same SQL in pgbench, {count} clients", median(pgbench_rates[count]), "/s"
        )
    yield Figure("CPU of the service a booking", service.cpu_ms, " ms")
    yield Figure("CPU of PostgreSQL a booking", service.server_cpu_ms, " ms")


def _check_all_did_the_same(ticket_type: TicketType) -> None:
    """Whoever made a booking confirmed it, wrote down both changes, and queued its mail."""
    bookings = Booking.objects.filter(event=ticket_type.event_id)
    made = bookings.count()
    assert made == bookings.confirmed().count()
    assert 2 * made == BookingChange.objects.filter(booking__in=bookings).count()
    messages = Message.objects.filter(booking__in=bookings).values("message_id")
    jobs = ProcrastinateJob.objects.annotate(message=KeyTextTransform("message_id", "args"))
    assert made == messages.count() == jobs.filter(message__in=messages).count()


class Service:
    """Writers in processes of their own, and what their bookings cost."""

    def __init__(self, children: list[Child], ticket_type_id: int) -> None:
        self._children = children
        self._ticket_type_id = ticket_type_id
        self._server = Server()
        self.forget()

    def forget(self) -> None:
        self._bookings = 0
        self._cpu = self._server_cpu = 0.0

    def rate(self, *, writers: int, seconds: float) -> float:
        children = self._children[:writers]
        before = self._server.cpu_seconds()
        for child in children:
            child.tell(
                ticket_type=self._ticket_type_id,
                greenlets=writers // len(children),
                seconds=seconds,
            )
        reports = [child.hear() for child in children]
        self._bookings += sum(report["bookings"] for report in reports)
        self._cpu += sum(report["cpu"] for report in reports)
        self._server_cpu += self._server.cpu_seconds() - before
        return sum(report["rate"] for report in reports)

    @property
    def cpu_ms(self) -> float:
        return 1000 * self._cpu / max(1, self._bookings)

    @property
    def server_cpu_ms(self) -> float:
        return 1000 * self._server_cpu / max(1, self._bookings)


def _best(rates: dict[int, list[float]]) -> tuple[int, float]:
    """With how many, and their median rate."""
    return max(((count, median(found)) for count, found in rates.items()), key=lambda best: best[1])
