"""What the statements of a block take."""

import time
from typing import Any, Self

from django.db import connection


class DatabaseTime:
    """How many there are in the block that it is a context of, and their milliseconds."""

    def __init__(self) -> None:
        self.queries = 0
        self.milliseconds = 0.0
        self._wrapper = connection.execute_wrapper(self._timed)

    def __enter__(self) -> Self:
        self._wrapper.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._wrapper.__exit__(*error)

    def _timed(self, execute: Any, *arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.queries += 1
            self.milliseconds += 1000 * (time.perf_counter() - started)
