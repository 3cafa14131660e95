"""The site for Gunicorn, with send buffers as small as they are to a browser far away.

Between processes of one machine the kernel takes megabytes at once, so that no reader is too slow.
"""

import socket
from collections.abc import Callable, Iterable
from typing import Any

from eventmate.wsgi import application as site

BUFFER = 16 * 1024
"""Bytes, of which the kernel makes twice as many."""


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["gunicorn.socket"].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
    return site(environ, start_response)
