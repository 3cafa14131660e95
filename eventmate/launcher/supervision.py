"""Signals that stop the site, and processes that are started again when they end."""

import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from eventmate.embedded.errors import ServiceError
from eventmate.launcher.messages import say

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FIRST_DELAY = 1.0
LONGEST_DELAY = 60.0


class Stop:
    """Counts the signals that ask for a stop: at the first it begins, the second hurries it."""

    def __init__(self) -> None:
        self.count = 0
        for number in SIGNALS:
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1

    def requested(self) -> bool:
        return self.count > 0

    def hurried(self) -> bool:
        return self.count > 1


class Service(Protocol):
    """What runs until it ends by itself; `start` raises ServiceError where it does not start."""

    name: str

    @property
    def log(self) -> Path | None: ...

    @property
    def running(self) -> bool: ...

    @property
    def exit_code(self) -> int | None: ...

    def start(self) -> None: ...


@dataclass
class Kept:
    """A running service that is started again, after a growing pause, when it ends by itself."""

    service: Service
    _delay: float = field(default=FIRST_DELAY, init=False)
    _started: float = field(default_factory=time.monotonic, init=False)
    _due: float | None = field(default=None, init=False)

    def check(self) -> None:
        now = time.monotonic()
        if self.service.running:
            return
        if self._due is None:
            if now - self._started > LONGEST_DELAY:
                self._delay = FIRST_DELAY
            say(f"{describe_end(self.service)} Starting it again in {self._delay:.0f} s.")
            self._due = now + self._delay
        elif now >= self._due:
            self._start()
            self._started, self._due = now, None
            self._delay = min(2 * self._delay, LONGEST_DELAY)

    def _start(self) -> None:
        try:
            self.service.start()
        except ServiceError as error:
            say(str(error))


def describe_end(service: Service) -> str:
    code = f"exit code {service.exit_code}" if service.exit_code is not None else ""
    log = f"see {service.log}" if service.log else ""
    return f"The {service.name} ended by itself ({', '.join(filter(None, [code, log]))})."
