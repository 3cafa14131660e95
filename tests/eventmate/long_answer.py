"""An application whose answer is more than the kernel takes off Gunicorn's hands: at /file from a
file, elsewhere from memory.
"""

import os
import tempfile
from collections.abc import Callable, Iterable
from typing import Any

LENGTH = 48 * 2**20


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Length", str(LENGTH))])
    if environ["PATH_INFO"] != "/file":
        return [bytes(LENGTH)]
    file = tempfile.TemporaryFile()  # noqa: SIM115  # Gunicorn closes it
    os.truncate(file.fileno(), LENGTH)
    answer: Iterable[bytes] = environ["wsgi.file_wrapper"](file)
    return answer
