"""A guest books with a promo code, gets the tickets by mail, and sends one of them on."""

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.mailbox import attached, link_in

STAGE = """
from tests.e2e.stage import with_promo_code
with_promo_code("harbour-lights")
"""


@pytest.fixture(scope="module", autouse=True)
def event(live_site):
    live_site.manage("shell", "--no-imports", "-c", STAGE)


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    ("viewport", "scripts", "scheme"),
    [(PHONE, True, "dark"), (DESKTOP, False, "light")],
    ids=["phone", "no-scripts"],
)
def test_guest_books_with_a_code_and_sends_a_ticket_on(visit, mailbox, viewport, scripts, scheme):
    options = {"viewport": viewport, "java_script_enabled": scripts, "color_scheme": scheme}
    ada_mail, bo_mail = f"ada@{scheme}.example.com", f"bo@{scheme}.example.com"
    buyer = visit(**options)
    books_three_with_code(buyer, ada_mail)

    expect(qr_codes(buyer)).to_have_count(3)
    confirmation = mailbox.wait_for(ada_mail, "Your tickets for Harbour Lights")
    files = attached(confirmation)
    assert len(PdfReader(io.BytesIO(files["application/pdf"])).pages) == 3
    assert b"BEGIN:VEVENT" in files["text/calendar"]

    buyer.get_by_role("link", name=re.compile("at the door.*Charles")).click()
    expect(qr_codes(buyer)).to_have_count(1)
    link_of_old_code = buyer.url

    buyer.goto(link_in(confirmation, "/bookings/"))
    renames_ticket(buyer)
    sends_ticket_on(buyer, bo_mail)
    expect(buyer.get_by_text("Sent on to Bo Diddley")).to_be_visible()
    expect(qr_codes(buyer)).to_have_count(2)

    friend = visit(**options)
    friend.goto(link_in(mailbox.wait_for(bo_mail, "Your ticket for"), "/tickets/"))
    expect(qr_codes(friend)).to_have_accessible_name("QR code of the ticket of Bo Diddley")
    expect(buyer.get_by_text(friend.locator(".ticket-code").inner_text())).to_have_count(0)
    with friend.expect_download() as download:
        friend.get_by_role("link", name="Save as PDF").click()
    assert len(PdfReader(download.value.path()).pages) == 1

    buyer.goto(link_of_old_code)
    expect(buyer.get_by_role("heading", level=1)).to_have_text("This ticket was sent on")
    expect(qr_codes(buyer)).to_have_count(0)


def books_three_with_code(page: Page, email: str) -> None:
    page.goto("/event/harbour-lights/")
    page.get_by_role("link", name="Book", exact=True).click()
    expect(page.get_by_label("Backstage")).to_have_count(0)
    page.get_by_label("Promo code").fill("friends")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Code FRIENDS is applied: 25% off")).to_be_visible()
    page.get_by_label("Standing").fill("2")
    page.get_by_label("Backstage").fill("1")
    page.get_by_role("button", name="Hold these places").click()
    expect(page.get_by_role("row", name="Saved with FRIENDS")).to_contain_text("20")
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("Name on ticket 2").fill("Charles Babbage")
    page.get_by_label("Name on ticket 3").fill("Mary Shelley")
    page.get_by_role("button", name=re.compile("Book and pay .*60.* at the door")).click()


def renames_ticket(page: Page) -> None:
    page.get_by_role("link", name="Change name of Charles Babbage").click()
    page.get_by_label("Name on ticket 2").fill("Charlie Babbage")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Charlie Babbage")).to_be_visible()


def sends_ticket_on(page: Page, email: str) -> None:
    page.get_by_role("link", name="Send on the ticket of Charlie Babbage").click()
    page.get_by_label("Their name").fill("Bo Diddley")
    page.get_by_label("Their e-mail address").fill(email)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("You cannot take the ticket back.")).to_be_visible()
    page.get_by_role("button", name="Send it on").click()


def qr_codes(page: Page):
    return page.get_by_role("img", name="QR code of the ticket")
