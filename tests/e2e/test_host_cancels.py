"""A host cancels a whole event and watches how everyone is told."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PATIENCE
from tests.e2e.mailbox import link_in, text_of
from tests.factories import PASSWORD

STAGE = """
from tests.e2e.stage import with_buyers
with_buyers("garden-opera-true", "Ada Lovelace", "Charles Babbage", "Mary Shelley")
with_buyers("garden-opera-false", "Ada Lovelace", "Charles Babbage", "Mary Shelley")
"""
WORDS = "The stage is under water. We are so sorry."


@pytest.fixture(scope="module", autouse=True)
def events(live_site):
    live_site.manage("shell", "--no-imports", "-c", STAGE)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_host_cancels_an_event_and_every_buyer_is_told(visit, mailbox, working, scripts):
    slug = f"garden-opera-{scripts}".lower()
    host = visit(java_script_enabled=scripts)
    logs_in(host, f"host-of-{slug}@example.com")
    finds_booking(host, slug, "babbage")

    host.goto(f"/hosting/{slug}/bookings/")
    host.get_by_role("link", name="Cancel the whole event").click()
    host.get_by_label("Your words to the buyers").fill(WORDS)
    host.get_by_role("button", name="Cancel the event and tell 3 buyers").click()
    expect(host.get_by_text("We are at it.")).to_be_visible()

    with working():
        # The worker has to start first.
        expect(host.get_by_text("Everyone was told.")).to_be_visible(timeout=2 * PATIENCE)
        expect(host.get_by_text("Bookings cancelled: 3 of 3")).to_be_visible()
        mail = mailbox.wait_for(f"ada@{slug}.example.com", "Cancelled:")

    assert WORDS in text_of(mail)
    buyer = visit(java_script_enabled=scripts)
    buyer.goto(link_in(mail, "/bookings/"))
    expect(buyer.get_by_text("This booking was cancelled")).to_be_visible()
    buyer.goto(f"/event/{slug}/")
    expect(buyer.get_by_role("main")).to_contain_text("This event was cancelled")


def logs_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_role("main").get_by_label("Password")).to_have_count(0)


def finds_booking(page: Page, slug: str, text: str) -> None:
    page.goto(f"/hosting/{slug}/bookings/")
    page.get_by_label("Search", exact=True).fill(text)
    page.get_by_role("button", name="Show bookings").click()
    expect(page.get_by_text("1 booking, the newest first")).to_be_visible()
    page.get_by_role("link", name="Charles Babbage").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Charles Babbage")
