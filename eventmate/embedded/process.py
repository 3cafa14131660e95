"""A process of ours: in a session of its own, with a log, stopped in bounded time."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eventmate.embedded.identity import Identity
from eventmate.embedded.paths import open_log

PR_SET_PDEATHSIG = 1


def never() -> bool:
    return False


@dataclass
class Process:
    """A command that can be started, watched and stopped.

    Its session is its own, so that a terminal's Ctrl-C does not reach it. A `leashed` process is
    ended by the kernel (on Linux) when the one that started it dies, even by SIGKILL.
    """

    name: str
    command: Sequence[str]
    log: Path | None = None
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    identity: Identity | None = None
    pass_fds: tuple[int, ...] = ()
    leashed: bool = True
    stop_signal: signal.Signals = signal.SIGTERM
    _popen: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        output = open_log(self.log) if self.log else None
        try:
            self._popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.env,
                cwd=self.cwd,
                pass_fds=self.pass_fds,
                start_new_session=True,
                preexec_fn=_leash(self.stop_signal) if self.leashed else None,
                **(self.identity.popen_arguments() if self.identity else {}),
            )
        finally:
            if output is not None:
                os.close(output)

    @property
    def pid(self) -> int | None:
        return self._popen.pid if self._popen else None

    @property
    def exit_code(self) -> int | None:
        """Its exit code, or None while it runs or before it started."""
        return self._popen.poll() if self._popen else None

    @property
    def running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    def reap(self) -> None:
        """Take note that it ended, where someone else has ended it."""
        if self._popen:
            self._popen.poll()

    def stop(self, grace: float, hurry: Callable[[], bool] = never) -> None:
        """Ask it to stop; after `grace` seconds, or one more in a `hurry()`, kill its session."""
        if self._popen is None:
            return
        if self.running:
            self._popen.send_signal(self.stop_signal)
        deadline = time.monotonic() + grace
        while self.running and time.monotonic() < deadline:
            if hurry():
                deadline = min(deadline, time.monotonic() + 1)
                hurry = never
            time.sleep(0.05)
        with contextlib.suppress(ProcessLookupError):
            # Its children too: whatever of its session is left.
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()


def _leash(stop_signal: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def leash() -> None:
        prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)

    return leash
