"""An application that needs nothing, and tells of its worker: which libraries it has all the same,
and at /heaps how many heaps after one of its threads has had some memory.
"""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from eventmate.preloading import LIBRARIES
from tests.eventmate.heaps import heaps_with_threads


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("200 OK", [])
    if environ["PATH_INFO"] == "/heaps":
        return [str(heaps_with_threads()).encode()]
    return [" ".join(name for name in LIBRARIES if name in sys.modules).encode()]
