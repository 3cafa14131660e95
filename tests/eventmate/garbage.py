"""An application that tells whether its worker looks for garbage, and how much it spares."""

import gc
from collections.abc import Callable, Iterable
from typing import Any


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [f"{gc.isenabled()} {gc.get_freeze_count()}".encode()]
