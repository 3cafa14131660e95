import pytest
from django.core.exceptions import ImproperlyConfigured

from eventmate.tiles import tile_sources


@pytest.mark.parametrize(
    ("url", "sources"),
    [
        ("", []),
        ("https://tile.example.org/{z}/{x}/{y}.png", ["https://tile.example.org"]),
        ("http://127.0.0.1:8080/{z}/{x}/{y}{r}.png?key=a", ["http://127.0.0.1:8080"]),
        (
            "https://{s}.tile.example.org/{z}/{x}/{y}.png",
            [f"https://{server}.tile.example.org" for server in "abc"],
        ),
    ],
)
def test_pages_may_show_pictures_of_the_tile_servers_alone(url, sources):
    assert tile_sources(url) == sources


@pytest.mark.parametrize(
    "url",
    [
        "https://tile.example.org/",
        "tile.example.org/{z}/{x}/{y}.png",
        "ftp://tile.example.org/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "https://{z}.example.org/{x}/{y}.png",
        "https://*.example.org/{z}/{x}/{y}.png",
        "https://tile.example.org; script-src *;/{z}/{x}/{y}.png",
        "https://user:password@tile.example.org/{z}/{x}/{y}.png",
    ],
)
def test_what_can_be_no_address_of_tiles_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="MAP_TILE_URL"):
        tile_sources(url)
