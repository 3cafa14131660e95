"""A real SMTP server that does to mail what real ones do."""

import asyncio
import email
import email.policy
import enum
import socket
from collections.abc import Awaitable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOCALHOST = "127.0.0.1"


class Fault(enum.Enum):
    DROPS_IN_DATA = enum.auto()
    """The connection ends while the mail comes in."""

    DROPS_BEFORE_REPLY = enum.auto()
    """It takes the mail, and the connection ends before it can say so."""

    LATE = enum.auto()
    """It takes the mail, and says so when nobody waits for it any more."""

    SLOW = enum.auto()
    """It takes the mail, and says so in time."""


SECONDS = {Fault.LATE: 60.0, Fault.SLOW: 0.5}


class MailServer(Controller):
    """``taken`` is the mail that it has, ``answers`` are what it says to the next recipients and
    then to the next mail, a reply or a fault each; it takes what it has no answer for.
    """

    def __init__(self) -> None:
        self._socket = socket.create_server((LOCALHOST, 0))
        super().__init__(self, hostname=LOCALHOST, port=self._socket.getsockname()[1])
        self.taken: list[EmailMessage] = []
        self.recipient_answers: list[str] = []
        self.data_answers: list[str | Fault] = []

    @property
    def url(self) -> str:
        """As in EMAIL_URL."""
        return f"smtp://{self.hostname}:{self.port}"

    def factory(self) -> SMTP:
        return _Conversation(self, **self.SMTP_kwargs)

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.recipient_answers:
            return self.recipient_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.data_answers.pop(0) if self.data_answers else "250 Taken"
        if isinstance(answer, str) and not answer.startswith("2"):
            return answer
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if answer is Fault.DROPS_BEFORE_REPLY:
            server.transport.abort()
        elif isinstance(answer, Fault):
            await asyncio.sleep(SECONDS[answer])
        return answer if isinstance(answer, str) else "250 Taken"


class _Conversation(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        server: MailServer = self.event_handler
        if server.data_answers[:1] != [Fault.DROPS_IN_DATA]:
            await super().smtp_DATA(arg)
            return
        server.data_answers.pop(0)
        await self.push("354 Go on")
        await self._reader.readuntil(b"\r\n")
        self.transport.abort()
