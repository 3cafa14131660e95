"""Signals that stop the site, and processes that are started again when they end."""

import signal
import time
from dataclasses import dataclass, field
from types import FrameType

from eventmate.embedded.process import Process
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


@dataclass
class Kept:
    """A running process that is started again, after a growing pause, when it ends by itself."""

    process: Process
    _delay: float = field(default=FIRST_DELAY, init=False)
    _started: float = field(default_factory=time.monotonic, init=False)
    _due: float | None = field(default=None, init=False)

    def check(self) -> None:
        now = time.monotonic()
        if self.process.running:
            return
        if self._due is None:
            if now - self._started > LONGEST_DELAY:
                self._delay = FIRST_DELAY
            say(f"{describe_end(self.process)} Starting it again in {self._delay:.0f} s.")
            self._due = now + self._delay
        elif now >= self._due:
            self.process.start()
            self._started, self._due = now, None
            self._delay = min(2 * self._delay, LONGEST_DELAY)


def describe_end(process: Process) -> str:
    log = f", see {process.log}" if process.log else ""
    return f"The {process.name} ended by itself (exit code {process.exit_code}{log})."
