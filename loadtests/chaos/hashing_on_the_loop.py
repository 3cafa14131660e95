"""The site for Gunicorn, whose passwords are hashed where all its requests run, and take their time
however fast the machine is.
"""

import time
from collections.abc import Callable
from typing import Any

from accounts import hashers

# isort: split
from eventmate.wsgi import application

__all__ = ["application"]


LEAST = 0.6
"""Seconds of work for each."""


def run_on_the_loop(function: Callable[..., Any], *arguments: Any) -> Any:
    start = time.monotonic()
    while True:
        result = function(*arguments)
        if time.monotonic() - start > LEAST:
            return result


hashers.run_in_thread = run_on_the_loop
