"""A process of buyers who book one ticket after the other over HTTP, or look at a page."""

from gevent import monkey

monkey.patch_all()  # before anything that it patches is imported

import time  # noqa: E402
import uuid  # noqa: E402
from collections import Counter, defaultdict  # noqa: E402
from dataclasses import dataclass, field  # noqa: E402

import gevent  # noqa: E402

from loadtests.bench.child import Order, Report, obey  # noqa: E402
from loadtests.client import Buyer, Told  # noqa: E402


@dataclass
class Crowd:
    """What its people were told, and how many milliseconds each answer took, by form."""

    order: Order
    told: Counter[str] = field(default_factory=Counter)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    deadline: float = 0.0

    def go(self) -> float:
        """Buyers with the booking page open, and visitors, at once; returns seconds."""
        buyers = [Buyer(self.order["url"]) for _ in range(self.order["buyers"])]
        pages = [gevent.spawn(buyer.open_booking_page, self.order["slug"]) for buyer in buyers]
        gevent.joinall(pages, raise_error=True)
        started = time.monotonic()
        self.deadline = started + self.order["seconds"]
        visitors = [Buyer(self.order["url"]) for _ in range(self.order["visitors"])]
        people = [gevent.spawn(self._buy, buyer) for buyer in buyers]
        people += [gevent.spawn(self._look, visitor) for visitor in visitors]
        gevent.joinall(people, raise_error=True)
        return time.monotonic() - started

    def _buy(self, buyer: Buyer) -> None:
        while self._book(buyer) < self.deadline:
            pass
        buyer.close()

    def _book(self, buyer: Buyer) -> float:
        """Send both forms. Returns when the last answer came."""
        key = uuid.uuid4()
        started = time.monotonic()
        answer = buyer.choose(self.order["slug"], {self.order["ticket_type"]: 1}, key=key)
        held = ended = time.monotonic()
        if answer.told is Told.HELD:
            answer = buyer.give_details(answer.location, name=f"buyer-{key.hex}")
            ended = time.monotonic()
        if answer.told is Told.CONFIRMED:
            self.times["choice"].append(1000 * (held - started))
            self.times["details"].append(1000 * (ended - held))
            self.times["booking"].append(1000 * (ended - started))
        self.told[answer.told] += 1
        return ended

    def _look(self, visitor: Buyer) -> None:
        while time.monotonic() < self.deadline:
            started = time.monotonic()
            answer = visitor.get(f"/event/{self.order['slug']}/")
            self.told[answer.told] += 1
            self.times["page"].append(1000 * (time.monotonic() - started))
        visitor.close()


def rush(order: Order) -> Report:
    """So many buyers of one event, and so many who look at its page, for so many seconds."""
    crowd = Crowd(order)
    seconds = crowd.go()
    return {"told": crowd.told, "times": crowd.times, "seconds": seconds}


if __name__ == "__main__":
    obey(rush)
