"""A host writes to everyone with a ticket: with a preview, a test, and a look at how it goes."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PATIENCE
from tests.e2e.mailbox import link_in, text_of
from tests.e2e.test_host_cancels import logs_in

STAGE = """
from tests.bookings.letters import verify
from tests.e2e.stage import with_buyers
for scripts in ("true", "false"):
    place = with_buyers(f"river-choir-{scripts}", "Ada Lovelace", "Charles Babbage")
    verify(place.event.host.owner)
"""
WORDS = "Dear {name},\n\nthe boat leaves at {time}.\n\nYour tickets: {ticket_link}"


@pytest.fixture(scope="module", autouse=True)
def events(live_site):
    live_site.manage("shell", "--no-imports", "-c", STAGE)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_host_writes_to_all_attendees(visit, mailbox, working, scripts):
    slug = f"river-choir-{scripts}".lower()
    owner = f"host-of-{slug}@example.com"
    host = visit(java_script_enabled=scripts)
    logs_in(host, owner)

    host.goto(f"/hosting/{slug}/bookings/")
    host.get_by_role("link", name="Messages", exact=True).click()
    host.get_by_role("link", name="Write a message").click()
    host.get_by_label("Subject").fill("The boat to {event}")
    host.get_by_label("Your message").fill(WORDS)
    host.get_by_role("button", name="Save and look at it").click()
    expect(host.get_by_text("Nothing is known of {time}.")).to_be_visible()
    host.get_by_label("Your message").fill(WORDS.replace("{time}", "seven"))
    host.get_by_role("button", name="Save and look at it").click()

    preview = host.get_by_role("article", name="Preview")
    expect(preview).to_contain_text("Dear Ada Lovelace,")
    host.get_by_role("button", name="Send a test to myself").click()
    expect(host.get_by_text(f"A test is on its way to {owner}.")).to_be_visible()
    host.get_by_role("button", name="Send to 2 people").click()
    expect(host.get_by_text("We are at it.")).to_be_visible()

    with working():
        # The worker has to start first.
        expect(host.get_by_text("Everyone was told.")).to_be_visible(timeout=2 * PATIENCE)
        mail = mailbox.wait_for(f"charles@{slug}.example.com", "The boat to River Choir")
        mailbox.wait_for(owner, "Test: The boat to River Choir")

    assert text_of(mail).startswith("Dear Charles Babbage,\n\nthe boat leaves at seven.")
    buyer = visit(java_script_enabled=scripts)
    buyer.goto(link_in(mail, "/bookings/"))
    expect(buyer.get_by_role("main")).to_contain_text(f"charles@{slug}.example.com")
    host.get_by_role("link", name="All messages").click()
    expect(host.get_by_role("row", name="The boat to")).to_contain_text("2")
