"""The map of a search, on tiles from a server of this machine."""

import re
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from struct import pack

import pytest
from playwright.sync_api import Page, expect

from loadtests.site import LiveSite, serving
from tests.databases import new_database
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.test_accessible import problems_of

STAGE = """
from tests.e2e.listed import stage_city
stage_city("mapville", 10, 20)
stage_city("farville", -30, 120)
"""


def chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))


GREY_PIXEL = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\xcc"))
    + chunk(b"IEND", b"")
)


class Tiles(BaseHTTPRequestHandler):
    """Remembers which tile was asked for, and from where."""

    asked: list[tuple[str, str | None]] = []  # of the class: an instance answers one request

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Referer"]))
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(GREY_PIXEL)))
        self.end_headers()
        self.wfile.write(GREY_PIXEL)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def tile_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def live_site(tile_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """One that has maps."""
    more = {"MAP_TILE_URL": f"{tile_server}/{{z}}/{{x}}/{{y}}.png", "MAP_TILE_ATTRIBUTION": "© Us"}
    with (
        new_database() as url,
        serving(url, tmp_path_factory.mktemp("maps"), workers=1, more=more) as site,
    ):
        site.manage("shell", "--no-imports", "-c", STAGE)
        yield site


def markers(page: Page):
    return page.get_by_role("region", name="Map of these events").locator(".map-pin")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_map_leads_from_a_city_to_its_events(visit, live_site, tile_server, viewport):
    Tiles.asked.clear()
    page = visit(viewport=viewport)
    page.goto("/events/?city=mapville&category=mapville-talks")
    page.get_by_role("link", name="Map", exact=True).click()
    expect(markers(page)).to_have_count(1)
    expect(page.locator(".card")).to_have_count(2)
    expect(page.locator(".leaflet-tile-loaded").first).to_be_visible()
    expect(page.get_by_text("© Us")).to_be_visible()
    assert problems_of(page) == []

    markers(page).click()
    # By the keyboard: a click can miss where the map still moves to make room.
    event = page.locator(".leaflet-popup").get_by_role("link", name="Mapville talk 0")
    expect(event).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/event/mapville-talks-0/"))

    assert Tiles.asked
    assert {referer for _path, referer in Tiles.asked} == {f"{live_site.url}/"}


def test_page_is_no_wider_than_a_phone_while_leaflets_styles_are_on_their_way(visit, live_site):
    page = visit(viewport=PHONE)
    empty = {"body": "", "content_type": "text/css"}
    page.route(re.compile(r"/leaflet[^/]*\.css"), lambda route: route.fulfill(**empty))
    page.goto("/events/?city=mapville&category=mapville-talks&view=map")
    expect(markers(page)).to_have_count(1)
    expect(page.locator(".leaflet-tile").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_keyboard_opens_a_marker_and_comes_back_to_it(visit):
    page = visit(viewport=DESKTOP)
    page.goto("/events/?view=map")
    expect(page.locator("#results-title")).to_have_text("60 events")
    expect(markers(page)).to_have_count(2)
    far = markers(page).last

    far.focus()
    page.keyboard.press("Enter")

    popup = page.locator(".leaflet-popup")
    expect(popup).to_be_visible()
    expect(popup.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(far).to_be_focused()


def test_filter_changes_map_and_list_together(visit):
    page = visit(viewport=DESKTOP)
    page.goto("/events/?view=map")
    page.evaluate("window.isMarked = true")

    page.locator("#facet-city").get_by_role("link", name="Farville").click()

    expect(page.locator("#results-title")).to_have_text("30 events")
    expect(markers(page)).to_have_count(1)
    assert page.evaluate("window.isMarked")


def test_list_is_there_without_scripts(visit):
    page = visit(java_script_enabled=False)
    page.goto("/events/?view=map")

    expect(page.locator(".card")).to_have_count(24)
    expect(page.locator("#map")).to_be_hidden()
