"""What every part of a run is given."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from loadtests.site import LiveSite, serving

WORKERS = 2
PAGES = ("home", "list", "filtered list", "search", "detail", "booking page", "my bookings")


@dataclass(frozen=True, slots=True)
class Run:
    """``seconds`` is how long one measurement takes; each is made ``rounds`` times. ``tickets`` are
    those of the event that is sold out, ``sizes`` those of a catalogue that grows, in place of what
    a part has by itself, and ``catalogue`` that of the site whose ``pages`` are asked for by as
    many as ``connections``, or, one number after the other, ``users``. ``folder`` is gone
    afterwards, and so is what ``services`` holds.
    """

    database_url: str
    folder: Path
    services: ExitStack
    seconds: float
    rounds: int
    tickets: int
    sizes: tuple[int, ...]
    catalogue: int
    connections: int
    users: tuple[int, ...]
    pages: tuple[str, ...]
    _sites: dict[str, LiveSite] = field(default_factory=dict)

    def site(self, application: str = "eventmate.wsgi") -> LiveSite:
        """The site with so many workers, started when it is first asked for."""
        if application not in self._sites:
            folder = self.folder / application
            folder.mkdir()
            site = serving(self.database_url, folder, application=application, workers=WORKERS)
            self._sites[application] = self.services.enter_context(site)
        return self._sites[application]
