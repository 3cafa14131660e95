"""The mails that the site has written to files, as their recipients find them."""

import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

SEPARATOR = b"\n" + b"-" * 79 + b"\n"  # after each mail, by Django's file backend
PATIENCE = 60.0


class Mailbox:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def wait_for(self, recipient: str, subject: str) -> EmailMessage:
        """The mail to them whose subject begins like this, once the worker has sent it."""
        deadline = time.monotonic() + PATIENCE
        while not (found := self._to(recipient, subject)):
            assert time.monotonic() < deadline, f"no mail to {recipient}: {subject}"
            time.sleep(0.05)
        assert len(found) == 1, f"{len(found)} mails to {recipient}: {subject}"
        return found[0]

    def _to(self, recipient: str, subject: str) -> list[EmailMessage]:
        return [
            mail
            for path in self._folder.glob("*.log")
            for mail in mails_in(path.read_bytes())
            if recipient in mail["To"] and mail["Subject"].startswith(subject)
        ]


def mails_in(file: bytes) -> list[EmailMessage]:
    """Those that are written to their end."""
    whole = file.split(SEPARATOR)[:-1]
    return [message_from_bytes(mail, policy=policy.default) for mail in whole]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage, path: str) -> str:
    """The first link to a page below that path."""
    words = text_of(mail).split()
    return next(word for word in words if word.startswith("http") and path in word)


def attached(mail: EmailMessage) -> dict[str, bytes]:
    """The attached files by content type."""
    return {
        part.get_content_type(): part.get_payload(decode=True) for part in mail.iter_attachments()
    }
