"""An application that tells how many values of its headers Gunicorn has looked through. At /split
one of them would be two.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.http import wsgi


class Counted:
    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.looks = 0

    def fullmatch(self, text: str) -> re.Match[str] | None:
        self.looks += 1
        return self.pattern.fullmatch(text)


values = wsgi.HEADER_VALUE_RE = Counted(wsgi.HEADER_VALUE_RE)


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    before = values.looks
    kept = "no-cache\r\nX-Split: yes" if environ["PATH_INFO"] == "/split" else "no-cache"
    headers = [
        ("Cache-Control", kept),
        ("Vary", "Cookie"),
        ("Keep-Alive", "timeout=9"),
        ("X-Request-ID", "one"),
        ("Content-Length", "1"),
    ]
    start_response("200 OK", headers)
    return [str(values.looks - before).encode()]
