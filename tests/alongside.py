"""Looking again and again at something while a block runs."""

import threading
from typing import Self


class Alongside:
    """Calls ``look`` every ``TICK`` seconds, in a thread of its own."""

    TICK = 0.01

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def look(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self.TICK):
            self.look()
