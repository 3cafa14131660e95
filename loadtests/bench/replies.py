"""Replies of HTTP as they come from a socket, read no further than those who measure need."""

import gzip
import html
from dataclasses import dataclass

import brotli

END = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length:"
CHUNKED = b"\r\ntransfer-encoding: chunked"
CLOSES = b"\r\nconnection: close"


@dataclass(frozen=True, slots=True)
class Reply:
    """``head`` is in lower case, ``body`` as it was on the wire, but in one piece."""

    status: int
    head: bytes
    body: bytes

    @property
    def closes(self) -> bool:
        """Whether the server takes no other request on this connection."""
        return CLOSES in self.head

    @property
    def text(self) -> str:
        """As people read it: not compressed, and without HTML's way to write some characters."""
        body = self.body
        if b"\r\ncontent-encoding: br" in self.head:
            body = brotli.decompress(body)
        elif b"\r\ncontent-encoding: gzip" in self.head:
            body = gzip.decompress(body)
        return html.unescape(body.decode())


def reply_in(received: bytes) -> Reply | None:
    """The reply that these bytes are; None while some are missing."""
    end = received.find(END)
    if end < 0:
        return None
    head = received[:end].lower()
    status, after = int(head[9:12]), end + len(END)
    if (found := head.find(LENGTH)) >= 0:
        number = head[found + len(LENGTH) :].partition(b"\r\n")[0]
        body = received[after:]
        return Reply(status, head, body) if len(body) >= int(number) else None
    assert CHUNKED in head, "neither a length nor chunks"
    whole = _joined(received, after)
    return None if whole is None else Reply(status, head, whole)


def _joined(received: bytes, at: int) -> bytes | None:
    """The chunks from there on, without their lengths; None while some are missing."""
    chunks: list[bytes] = []
    while (line := received.find(b"\r\n", at)) >= 0:
        length = int(received[at:line], 16)
        at = line + 2 + length + 2
        if len(received) < at:
            return None
        if not length:
            return b"".join(chunks)
        chunks.append(received[line + 2 : at - 2])
    return None
