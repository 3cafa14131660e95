"""What pages of other sites may use, in which our events are shown (events/sharing/oembed.py)."""

from collections.abc import MutableMapping


def allow_fonts(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """To a frame in another site's page, our fonts are those of a stranger. For WhiteNoise."""
    if url.endswith(".woff2"):
        headers["Access-Control-Allow-Origin"] = "*"
