"""Connections to Redis that fit a busy worker: they wait on the spot for a moment, look once more
when their time is over, and send nothing any more once they are given up.
"""

import socket
import struct
from collections.abc import Callable
from select import POLLERR, POLLHUP, POLLIN
from typing import Any

import redis
from redis.connection import DefaultParser

from eventmate.promptness import Promptness, poll

promptness = Promptness()


class PatientSocket(socket.socket):
    """A socket that waits for an answer on the spot first, as most take less than a millisecond
    (promptness.py), and looks once more when its time is over.

    Where this process was busy for so long, the answer has come, and its turn to be read comes
    after that of the clock: a healthy Redis would be given up for it.
    """

    def recv(self, *args: Any) -> bytes:
        self._wait_for_a_moment()
        try:
            return super().recv(*args)
        except TimeoutError as error:
            return self._at_once(super().recv, args, error)

    def recv_into(self, *args: Any) -> int:
        self._wait_for_a_moment()
        try:
            return super().recv_into(*args)
        except TimeoutError as error:
            return self._at_once(super().recv_into, args, error)

    def _wait_for_a_moment(self) -> None:
        if self.gettimeout():  # else it is asked what is there already, or waits for ever
            promptness.await_answer(self.fileno(), POLLIN)

    def _at_once(self, receive: Callable[..., Any], args: Any, error: TimeoutError) -> Any:
        timeout = self.gettimeout()
        self.settimeout(0)
        try:
            return receive(*args)
        except BlockingIOError:
            raise error from None
        finally:
            self.settimeout(timeout)


# Of a socket: to close it is to drop what is not sent yet.
DROP_UNSENT = struct.pack("ii", 1, 0)


class Forgetful:
    """Of a connection that sends nothing any more once it is given up.

    The system would go on trying to for minutes, where a line is cut: a session would be written
    after all were deleted, and one that has ended meanwhile would be there again.
    """

    def _connect(self) -> socket.socket:
        made: socket.socket = super()._connect()  # type: ignore[misc]  # of what this is mixed into
        made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, DROP_UNSENT)
        return made


class PromptParser(DefaultParser):  # type: ignore[misc, valid-type]  # hiredis'
    """Looks on the spot whether a connection is clean: redis-py asks that before each command, by
    a poll for which gevent would first let all others run.
    """

    def can_read(self, timeout: float = 0) -> bool:
        is_known = self._sock is not None and not self._reader.has_data() and not timeout
        if is_known and not poll(self._sock.fileno(), POLLIN | POLLERR | POLLHUP):
            return False
        can_read: bool = super().can_read(timeout)  # which tells apart what there is
        return can_read


class Patient(Forgetful):
    """Of a connection whose socket has nothing round it, as TLS is."""

    socket_timeout: float | None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"parser_class": PromptParser, **kwargs})

    def _connect(self) -> socket.socket:
        made = super()._connect()
        patient = PatientSocket(made.family, made.type, made.proto, fileno=made.detach())
        patient.settimeout(self.socket_timeout)
        return patient


class PatientConnection(Patient, redis.Connection):
    pass


class PatientUnixConnection(Patient, redis.UnixDomainSocketConnection):
    pass


class ForgetfulTLSConnection(Forgetful, redis.SSLConnection):
    pass


# By the class of redis-py that each takes the place of.
OURS = {
    redis.Connection: PatientConnection,
    redis.UnixDomainSocketConnection: PatientUnixConnection,
    redis.SSLConnection: ForgetfulTLSConnection,
}
