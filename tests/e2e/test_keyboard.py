"""Booking with a promo code, and never a hand on the mouse."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

STAGE = """
from tests.e2e.stage import with_promo_code
with_promo_code("keyboard-recital")
"""
MOST_TABS = 40
RING = """element => {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}"""


@pytest.fixture(scope="module", autouse=True)
def event(live_site):
    live_site.manage("shell", "--no-imports", "-c", STAGE)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_keyboard_alone_books_with_a_promo_code(visit, scripts):
    page = visit(java_script_enabled=scripts)
    page.goto("/event/keyboard-recital/book/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()

    applies_code(page, "nonsense")
    expect(page.get_by_text("We do not know this promo code.")).to_be_in_viewport()
    applies_code(page, "friends")
    expect(page.get_by_text("Code FRIENDS is applied")).to_be_in_viewport()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("Backstage")).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Your details")
    tab_to(page, page.get_by_label("Your name"))
    page.keyboard.type("Ada Lovelace")
    page.keyboard.press("Tab")
    page.keyboard.type("ada@")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Your name")).to_be_focused()
    tab_to(page, page.get_by_label("Your e-mail address"))
    expect(page.get_by_label("Your e-mail address")).to_have_accessible_description(
        re.compile("Enter a valid email address.")
    )
    page.keyboard.type("ada@keyboard.example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="QR code of the ticket of Ada Lovelace")).to_be_visible()


def applies_code(page: Page, code: str) -> None:
    tab_to(page, page.get_by_label("Promo code"))
    page.keyboard.type(code)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Apply")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"code={code}"))
    page.keyboard.press("Tab")
    expect(page.get_by_label("Promo code")).to_be_focused()


def tab_to(page: Page, field: Locator) -> None:
    """Forwards, seeing at each step where the focus is."""
    for _ in range(MOST_TABS):
        if field.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        assert focus.evaluate(RING), f"no ring: {focus.evaluate('e => e.outerHTML')}"
    raise AssertionError(f"{MOST_TABS} tabs do not lead to {field}")
