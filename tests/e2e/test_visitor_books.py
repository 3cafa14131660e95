"""The main job, as a visitor does it: real Gunicorn, real PostgreSQL, real Chromium."""

import json

import pytest
from playwright.sync_api import Browser, expect

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

EVENT = """
from tests.factories import EventFactory, TicketTypeFactory
event = EventFactory(
    title="Moonlight Sessions", slug="moonlight-sessions", category__slug="moon",
    category__name="Moon", city__slug="harbour-town", city__name="Harbour Town",
    host__slug="harbour-stage", host__owner__email="harbour@example.com",
)
TicketTypeFactory(event=event, name="Standing", capacity=50)
"""


@pytest.fixture(scope="session")
def admin_login(live_site, tmp_path_factory):
    """Of a site with the demo, and one event that the tests know."""
    path = tmp_path_factory.mktemp("demo") / "login.json"
    live_site.manage("seed_demo", "--events", "40", "--credentials-file", str(path))
    live_site.manage("shell", "-c", EVENT)
    return json.loads(path.read_text())["admin"]


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_visitor_searches_books_and_cancels_and_the_admin_sees_it(
    live_site, admin_login, browser: Browser, viewport, scripts
):
    context = browser.new_context(
        viewport=viewport, java_script_enabled=scripts, base_url=live_site.url
    )
    page = context.new_page()
    broken = []
    page.on("response", lambda r: broken.append(r.url) if r.status >= 400 else None)
    page.on("console", lambda m: broken.append(m.text) if m.type == "error" else None)

    page.goto("/")
    search = page.get_by_role("main").locator("input[name=q]").first
    search.fill("moonlight")
    search.press("Enter")
    page.get_by_role("link", name="Moonlight Sessions").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Moonlight Sessions")

    page.locator("#tickets").get_by_text("Book", exact=True).click()
    page.get_by_label("Standing").fill("2")
    page.get_by_role("button", name="Hold these places").click()
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Your e-mail address").fill("ada@example.com")
    page.get_by_label("Name on ticket 2").fill("Charles Babbage")
    page.get_by_role("button", name="Book for free").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Moonlight Sessions")
    expect(page.get_by_role("heading", name="Charles Babbage")).to_be_visible()
    reference = page.locator(".reference").first.inner_text()

    assert admin_finds(browser, live_site, admin_login, reference) == "Confirmed"

    page.get_by_role("link", name="Cancel booking").click()
    page.get_by_role("button", name="Cancel this booking").click()
    expect(page.get_by_text("This booking was cancelled")).to_be_visible()
    assert admin_finds(browser, live_site, admin_login, reference) == "Cancelled"
    assert broken == []
    context.close()


def admin_finds(browser, live_site, login, reference):
    """The state that the admin shows of a booking."""
    context = browser.new_context(viewport=DESKTOP, base_url=live_site.url)
    page = context.new_page()
    page.goto("/admin/bookings/booking/")
    page.get_by_label("E-mail address").fill(login["email"])
    page.get_by_label("Password").fill(login["password"])
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.goto(f"/admin/bookings/booking/?q={reference}")
    rows = page.locator("#result_list tbody tr")
    expect(rows).to_have_count(1)
    state = rows.locator(".field-status").inner_text()
    context.close()
    return state
