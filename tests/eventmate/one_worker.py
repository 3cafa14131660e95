"""One of a site's workers. Requests in a row may all come to the same, or each to another."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil

from loadtests.site import LiveSite


@contextmanager
def only(site: LiveSite, worker: psutil.Process) -> Iterator[None]:
    """The other workers stand still meanwhile, and do nothing of their own either."""
    others = [other for other in site.workers() if other != worker]
    for other in others:
        other.suspend()
    try:
        yield
    finally:
        for other in others:
            other.resume()


def at_each_worker(site: LiveSite, holds: Callable[[LiveSite], bool]) -> bool:
    """Whether it does where each of them is the only one that answers."""
    for worker in site.workers():
        with only(site, worker):
            if not holds(site):
                return False
    return True
