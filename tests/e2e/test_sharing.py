"""An event's card in a frame of another site, in a real browser; data blocks run nothing."""

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from loadtests.site import LiveSite
from tests.e2e.conftest import DESKTOP

Visit = Callable[..., Page]


@contextmanager
def other_site(html: str) -> Iterator[str]:
    """A page on another origin than the site's."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *arguments: object) -> None:
            """Nothing: it would go to the tests' output."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def event(live_site: LiveSite) -> str:
    """The address of its page."""
    stage = "from tests.e2e.stage import with_one_seat; with_one_seat('framed-nights')"
    live_site.manage("shell", "--no-imports", "-c", stage)
    return f"{live_site.url}/event/framed-nights/"


def framed(page: Page, address: str) -> str:
    """What oEmbed gives a site to put on its page, on the site's own address."""
    public = page.locator("link[rel=canonical]").get_attribute("href") or ""
    answer = page.request.get(f"/oembed?url={public}").json()
    return str(answer["html"]).replace(public, address)


def test_card_is_shown_in_another_site_s_page_and_leads_to_the_event(
    visit: Visit, event: str
) -> None:
    page = visit(viewport=DESKTOP)
    page.goto(event)
    html = framed(page, event)

    with other_site(html) as elsewhere:
        page.goto(elsewhere)
        card = page.frame_locator("iframe")
        expect(card.get_by_role("heading", name="Framed Nights")).to_be_visible()
        expect(card.get_by_role("main")).to_have_css("display", "grid")  # its styles are there
        with page.expect_popup() as opened:
            card.get_by_role("link", name="Framed Nights").click()
        expect(opened.value.get_by_role("heading", level=1)).to_have_text("Framed Nights")
        assert opened.value.url == event


def test_page_itself_is_not_shown_in_another_site_s_page(visit: Visit, event: str) -> None:
    page = visit(viewport=DESKTOP)
    page.goto(event)
    html = framed(page, event).replace("/embed/", "/")

    other = page.context.new_page()
    with other_site(html) as elsewhere:
        other.goto(elsewhere)
        expect(other.get_by_role("link", name="Framed Nights")).to_be_visible()
        expect(other.frame_locator("iframe").get_by_role("heading", level=1)).to_have_count(0)


def test_data_block_is_read_and_no_policy_minds(visit: Visit, event: str) -> None:
    page = visit()
    page.goto(event)

    node = page.evaluate(
        "() => JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').text)"
    )

    assert node["name"] == "Framed Nights"
