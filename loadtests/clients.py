"""Clients that book as long as they are let, and write down what they sent and were told."""

import random
import threading
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from loadtests.client import Answer, Buyer, Told, booking_path, choice_form, details_form
from loadtests.ledger import Ledger
from loadtests.site import LiveSite
from loadtests.stage import EventOnSale

UNANSWERED = (Told.NOTHING, Told.FAILED)
PAUSE = 0.2
"""Seconds before a form without an answer is sent again."""
TRIES = 200
CONFIRMED = 0.8
"""Of the holds; the others are left as they are."""
REPEATED = 0.2
"""Of the forms that were answered, as if the answer had been lost on its way."""


class Clients:
    """Threads that book one event."""

    def __init__(self, site: LiveSite, event: EventOnSale, ledger: Ledger, *, count: int) -> None:
        self._site, self._event, self._ledger = site, event, ledger
        self._enough = threading.Event()
        self._pool = ThreadPoolExecutor(count)
        self._running: list[Future[None]] = [
            self._pool.submit(self._book_on, number) for number in range(count)
        ]

    def check(self) -> None:
        """Raise what a client has failed of, if one has."""
        for client in self._running:
            if client.done():
                client.result()

    def stop(self) -> None:
        """Let them end what they are at, and wait for it."""
        self._enough.set()
        self._pool.shutdown()
        self.check()

    def _book_on(self, number: int) -> None:
        chance = random.Random(number)
        buyer = Buyer(self._site.url)
        while buyer.open_booking_page(self._event.slug).told is not Told.PAGE:
            time.sleep(PAUSE)
        while not self._enough.is_set():
            self._book(buyer, number, chance)
        buyer.close()

    def _book(self, buyer: Buyer, number: int, chance: random.Random) -> None:
        key, types = uuid.uuid4(), self._event.ticket_types
        chosen = chance.sample(types, chance.randint(1, len(types)))
        quantities = {pk: chance.randint(1, 3) for pk in chosen}
        path = booking_path(self._event.slug)
        self._ledger.sends_choice(key, quantities)
        held = self._insist(buyer, path, choice_form(quantities, key), key, chance)
        if held.told is Told.HELD and chance.random() < CONFIRMED:
            name = f"client-{number}-{key.hex[:6]}"
            self._ledger.sends_details(key, name)
            self._insist(buyer, held.location, details_form(name), key, chance)

    def _insist(
        self,
        buyer: Buyer,
        path: str,
        form: Mapping[str, str],
        key: uuid.UUID,
        chance: random.Random,
    ) -> Answer:
        """Send a form until it is answered, and sometimes once more."""
        for _ in range(TRIES):
            answer = buyer.post(path, form)
            self._ledger.is_told(key, answer)
            if answer.told not in UNANSWERED:
                if chance.random() >= REPEATED:
                    return answer
                continue
            time.sleep(PAUSE)
        return answer
