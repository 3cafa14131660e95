"""A sold-out event: a place that comes free goes along the line, and nobody slips past it."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.mailbox import link_in

STAGE = """
from tests.e2e.stage import with_one_seat
with_one_seat("attic-concert-true")
with_one_seat("attic-concert-false")
"""


@pytest.fixture(scope="module", autouse=True)
def events(live_site):
    live_site.manage("shell", "--no-imports", "-c", STAGE)


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_place_given_back_is_offered_along_the_line(visit, mailbox, scripts):
    slug = f"attic-concert-{scripts}".lower()
    grace, ada, bo = (visit(java_script_enabled=scripts) for _ in range(3))
    books_the_seat(grace, slug)
    joins_the_line(ada, slug, "Ada")
    expect(ada.get_by_text("You are the first in line.")).to_be_visible()
    joins_the_line(bo, slug, "Bo")
    expect(bo.get_by_text("You are number 2 in line.")).to_be_visible()

    grace.get_by_role("link", name="Cancel booking").click()
    grace.get_by_role("button", name="Cancel this booking").click()
    expect(grace.get_by_text("This booking was cancelled")).to_be_visible()

    ada.reload()
    expect(ada.get_by_role("heading", level=1)).to_have_text("It is your turn")
    cannot_book_past_the_line(bo, slug)

    ada.goto(link_in(mailbox.wait_for(address_of("Ada", slug), "A place for you"), "/bookings/"))
    ada.get_by_role("button", name="Give the places back").click()
    expect(ada.get_by_text("The places are free for others again.")).to_be_visible()

    bo.goto(link_in(mailbox.wait_for(address_of("Bo", slug), "A place for you"), "/bookings/"))
    expect(bo.get_by_label("Your name")).to_have_value("Bo")
    bo.get_by_role("button", name="Book for free").click()
    expect(bo.get_by_role("heading", level=1)).to_contain_text("You are going to")


def books_the_seat(page: Page, slug: str) -> None:
    page.goto(f"/event/{slug}/book/")
    page.get_by_label("Seat").fill("1")
    page.get_by_role("button", name="Hold these places").click()
    page.get_by_label("Your name").fill("Grace")
    page.get_by_label("Your e-mail address").fill(address_of("Grace", slug))
    page.get_by_role("button", name="Book for free").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()


def joins_the_line(page: Page, slug: str, name: str) -> None:
    page.goto(f"/event/{slug}/")
    page.get_by_role("link", name="Join the waiting list").click()
    page.get_by_role("link", name="Join the waiting list for Seat").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail address").fill(address_of(name, slug))
    page.get_by_role("button", name="Join the waiting list").click()


def cannot_book_past_the_line(page: Page, slug: str) -> None:
    page.goto(f"/event/{slug}/book/")
    expect(page.get_by_text("Every place is taken at the moment.")).to_be_visible()
    expect(page.get_by_text("1 person waits.")).to_be_visible()
    expect(page.get_by_role("button", name="Hold these places")).to_have_count(0)


def address_of(name: str, slug: str) -> str:
    return f"{name.lower()}@{slug}.example.com"
