"""QR codes: which squares are dark, and a picture for a page."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET_ZONE = 4  # modules on each side, by the standard


class Run(NamedTuple):
    """Dark modules side by side; ``left`` and ``top`` count from the outer corner of the quiet
    zone.
    """

    left: int
    top: int
    length: int


class QrCode:
    """A text as a QR code that is still read with a quarter of it smudged (level Q or better)."""

    def __init__(self, text: str) -> None:
        self._code = segno.make_qr(text, error="q")

    @property
    def version(self) -> int:
        return int(self._code.version)

    @property
    def mode(self) -> str | None:
        return self._code.mode

    @property
    def size(self) -> int:
        """Modules from edge to edge, with the quiet zone."""
        width, _ = self._code.symbol_size(border=QUIET_ZONE)
        return int(width)

    def runs(self) -> Iterator[Run]:
        for top, row in enumerate(self._code.matrix, start=QUIET_ZONE):
            left = QUIET_ZONE
            for is_dark, modules in groupby(row):
                length = len(list(modules))
                if is_dark:
                    yield Run(left, top, length)
                left += length


def qr_svg(text: str, *, title: str = "QR code") -> SafeString:
    """Inline SVG, as wide as CSS makes it. Dark on white in dark mode too: scanners expect it.

    ``title`` is read out instead of the picture.
    """
    size, path = _picture(text)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" '
        'shape-rendering="crispEdges"><title>{title}</title>'
        '<rect width="{size}" height="{size}" fill="#fff"/>'
        '<path fill="#000" d="{path}"/></svg>',
        size=size,
        title=title,
        path=path,
    )


@lru_cache(maxsize=250)
def _picture(text: str) -> tuple[int, str]:
    """Its size, and the dark modules as an SVG path. Kept, as making it takes milliseconds."""
    code = QrCode(text)
    runs = (f"M{run.left} {run.top}h{run.length}v1h-{run.length}z" for run in code.runs())
    return code.size, "".join(runs)
