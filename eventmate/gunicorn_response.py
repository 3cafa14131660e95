"""What Gunicorn answers with, at less cost."""

from collections.abc import Iterable
from typing import Any

from gunicorn.http import wsgi
from gunicorn.util import is_hoppish

# Names that Gunicorn has found nothing wrong with, of which it takes the values as they are.
MOST_NAMES = 500
# Bytes. More than that is not copied to be sent together with the headers.
MOST_JOINED = 2**18

_plain_names: set[str] = set()


class Pieces(list[bytes]):
    """Stands in for a socket, and collects what would be sent."""

    sendall = list.append


class Response(wsgi.Response):
    """Gunicorn's, that looks at the name of a header once, and at ordinary text without a regular
    expression: a page has seventeen headers. It sends them together with what comes first after
    them, as sending a second time takes longer than putting them together.
    """

    sock: Any

    def write(self, arg: bytes) -> None:
        if self.headers_sent or len(arg) > MOST_JOINED:
            super().write(arg)
            return
        client, self.sock = self.sock, Pieces()
        try:
            super().write(arg)
        finally:
            pieces, self.sock = self.sock, client
        client.sendall(b"".join(pieces))

    def process_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        for name, value in headers:
            if name in _plain_names and value.isascii() and value.isprintable():
                self.headers.append((name, value.strip(" ")))
                continue
            super().process_headers([(name, value)])
            has_meaning = name.lower() == "content-length" or is_hoppish(name)
            if not has_meaning and len(_plain_names) < MOST_NAMES:
                _plain_names.add(name)
