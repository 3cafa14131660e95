"""Pages arrive compressed, and a real browser shows them."""

from playwright.sync_api import Page

from loadtests.site import LiveSite

ENCODINGS = {"zstd", "br", "gzip"}


def test_browser_gets_pages_compressed_and_shows_them(live_site: LiveSite, page: Page) -> None:
    for address in ("/", "/events/", "/accounts/login/"):
        response = page.goto(live_site.url + address)
        assert response.headers["content-encoding"] in ENCODINGS
        assert page.get_by_role("main").is_visible()
    page.get_by_label("Password").fill("jazz")
    page.get_by_label("E-mail").fill("nobody@example.com")
    with page.expect_navigation() as navigation:
        page.get_by_role("button", name="Log in").click()
    assert navigation.value.headers["content-encoding"] in ENCODINGS
    assert page.get_by_label("E-mail").input_value() == "nobody@example.com"
