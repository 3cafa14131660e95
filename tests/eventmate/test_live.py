"""The fixtures of `tests/live.py`, which the tests through a browser stand on."""

from urllib.parse import urlsplit

from playwright.sync_api import Page

from loadtests.site import LiveSite


def test_live_site_is_the_real_server_on_a_database_of_its_own(live_site: LiveSite) -> None:
    listed = live_site.manage("showmigrations", "--plan")
    assert "[ ]" not in listed
    assert urlsplit(live_site.database_url).path.startswith("/live_")


def test_browser_opens_the_live_site(live_site: LiveSite, page: Page) -> None:
    response = page.goto(f"{live_site.url}/health/live/")
    assert response
    assert response.status == 200
    assert response.headers["server"] == "gunicorn"
