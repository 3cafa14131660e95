"""The pictures that maps are made of, from another server."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# What Leaflet puts in the place of {s}.
SERVERS = "abc"
# What it puts elsewhere in the address of a picture.
PLACES = {"{z}", "{x}", "{y}"}


def tile_sources(url: str) -> list[str]:
    """The origins that pages must be allowed to show pictures of, for a template such as
    https://{s}.tile.example.org/{z}/{x}/{y}.png. None for an empty one.

    Raises ImproperlyConfigured for one that cannot be of tiles.
    """
    if not url:
        return []
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not all(place in url for place in PLACES):
        raise ImproperlyConfigured(
            "MAP_TILE_URL is such as https://tile.example.org/{z}/{x}/{y}.png."
        )
    hosts = [parts.netloc.replace("{s}", server) for server in SERVERS]
    if not parts.netloc or any(letter in hosts[0] for letter in "{}@*;, '\""):
        raise ImproperlyConfigured("MAP_TILE_URL names no host that pictures could come from.")
    return [f"{parts.scheme}://{host}" for host in dict.fromkeys(hosts)]
