"""Scripts that need a process of their own, such as one that gevent has patched from the start."""

import os
import subprocess
import sys

from eventmate.embedded.paths import REPOSITORY

# Put before a script: while it runs, another greenlet adds "tick" to its list of events. With a
# ``pause`` of 0 that is at each turn of the loop, which keeps threads from ever getting the GIL.
TICKING = """
from gevent import monkey; monkey.patch_all()
import gevent, django
django.setup()

events = []
pause = 0.001  # seconds

def tick():
    while True:
        events.append("tick")
        gevent.sleep(pause)

gevent.spawn(tick)
"""


def output_of(script: str, *arguments: str) -> str:
    """What the script prints. It runs with the settings of the tests, and without Redis."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=REPOSITORY,
        env=os.environ | {"REDIS_URL": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
