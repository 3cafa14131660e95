"""The two sites whose pages are asked for: as it is, and one that makes each page anew."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from django.conf import settings

from loadtests.bench.run import Run
from loadtests.site import AS_MAKE_RUN, LiveSite, serving

APPLICATION = "loadtests.bench.beside"
# On, but wide: those who ask here, ask a hundred times as fast as people do.
LIMITS = {
    f"RATE_LIMIT_{scope}": "1000000/m,10000000/h" for scope in ("DEFAULT", "SEARCH", "BOOKING")
}
NO_PAGE_CACHE = {"PAGE_CACHE_MEMORY": "0"}


class PageSites(NamedTuple):
    warm: LiveSite
    cold: LiveSite


@contextmanager
def page_sites(run: Run, *, workers: int) -> Iterator[PageSites]:
    """Each with so many workers, as `make run` starts it; but none of them is replaced after many
    requests, as its start would be in what is measured then. They believe the bench's sessions.
    """
    more = AS_MAKE_RUN | LIMITS | {"GUNICORN_MAX_REQUESTS": "0", "SECRET_KEY": settings.SECRET_KEY}
    with ExitStack() as sites:

        def site(environment: dict[str, str]) -> LiveSite:
            folder = Path(mkdtemp(dir=run.folder))
            started = serving(
                run.database_url,
                folder,
                application=APPLICATION,
                workers=workers,
                more=environment,
            )
            return sites.enter_context(started)

        yield PageSites(site(more), site(more | NO_PAGE_CACHE))
