"""A process that books through the service, in greenlets and on a pool like a web worker's."""

from gevent import monkey

monkey.patch_all()  # before anything that it patches is imported

import itertools  # noqa: E402
import time  # noqa: E402

import django  # noqa: E402
import gevent  # noqa: E402
from django.db import connection  # noqa: E402

django.setup()

from events.models import TicketType  # noqa: E402
from loadtests.bench.child import Order, Report, obey  # noqa: E402
from loadtests.bench.stage import book  # noqa: E402

_numbers = itertools.count(2)


def write(order: Order) -> Report:
    """Book in so many greenlets for so many seconds: bookings a second, and CPU seconds of this
    process for how many.
    """
    ticket_type = TicketType.objects.select_related("event").get(pk=order["ticket_type"])
    connection.close()
    started, cpu = time.monotonic(), time.process_time()
    deadline = started + order["seconds"]
    greenlets = [gevent.spawn(_until, deadline, ticket_type) for _ in range(order["greenlets"])]
    gevent.joinall(greenlets, raise_error=True)
    bookings = sum(greenlet.value for greenlet in greenlets)
    return {
        "bookings": bookings,
        "rate": bookings / (time.monotonic() - started),
        "cpu": time.process_time() - cpu,
    }


def _until(deadline: float, ticket_type: TicketType) -> int:
    book(ticket_type, next(_numbers))
    done = 1
    while time.monotonic() < deadline:
        book(ticket_type, next(_numbers))
        done += 1
    connection.close()
    return done


if __name__ == "__main__":
    obey(write)
