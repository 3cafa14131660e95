"""A host publishes an event from nothing, on a phone, and someone finds it."""

import datetime as dt

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.e2e.test_host_cancels import logs_in

STAGE = """
from tests.factories import CategoryFactory, CityFactory, HostFactory
CategoryFactory(name="Organ music", slug="organ-music")
CityFactory(name="Passau", slug="passau", latitude=48.57, longitude=13.46)
for scripts in ("true", "false"):
    HostFactory(
        name=f"Organ Friends {scripts}",
        slug=f"organ-friends-{scripts}",
        owner__email=f"organ-{scripts}@example.com",
    )
"""


@pytest.fixture(scope="module", autouse=True)
def hosts(live_site):
    live_site.manage("shell", "--no-imports", "-c", STAGE)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_host_publishes_an_event_from_nothing(visit, scripts):
    mark = str(scripts).lower()
    host = visit(java_script_enabled=scripts)
    logs_in(host, f"organ-{mark}@example.com")
    host.goto("/hosting/")
    host.get_by_role("link", name="Publish an event").click()

    says_what(host, f"Night of the organ {mark}")
    says_when(host)
    says_where(host)
    offers_tickets(host)
    writes_page(host)
    looks_at_it_first(host)
    host.get_by_role("button", name="Publish it").click()
    expect(host.get_by_text("It is published: everyone can find")).to_be_visible()

    visitor = visit(java_script_enabled=scripts)
    visitor.goto(f"/event/night-of-the-organ-{mark}/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text(f"Night of the organ {mark}")
    expect(visitor.get_by_role("main")).to_contain_text("20:00 CE")
    visitor.get_by_role("link", name="Book", exact=True).click()
    expect(visitor.get_by_role("main")).to_contain_text("Nave")


def says_what(page: Page, title: str) -> None:
    page.get_by_label("What is it called?").fill(title)
    page.get_by_label("What kind of event is it?").select_option("Organ music")
    page.get_by_role("button", name="Next: when").click()


def says_when(page: Page) -> None:
    """In whole, after a look at what is missing."""
    page.get_by_role("button", name="Next: where").click()
    expect(page.get_by_role("alert")).to_be_visible()
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    page.get_by_label("Starts on").fill(day.isoformat())
    page.get_by_label("Start time").fill("20:00")
    page.get_by_label("End time").fill("01:30")
    page.get_by_role("button", name="Next: where").click()


def says_where(page: Page) -> None:
    page.get_by_label("City", exact=True).fill("Passau")
    page.get_by_label("Venue").fill("St. Stephen’s Cathedral")
    page.get_by_role("button", name="Next: tickets").click()


def offers_tickets(page: Page) -> None:
    page.get_by_label("Name").fill("Nave")
    page.get_by_label("Price").fill("15")
    page.get_by_label("Capacity").fill("300")
    page.get_by_role("button", name="Next: page").click()


def writes_page(page: Page) -> None:
    page.get_by_label("Summary").fill("Seventeen thousand pipes.")
    page.get_by_label("About the event").fill("Bring a **cushion**.")
    page.get_by_role("button", name="Show how the text will look").click()
    expect(page.locator("#look strong")).to_have_text("cushion")
    page.get_by_label("Tickets are paid at the door").check()
    page.get_by_role("button", name="Save, and see what is missing").click()


def looks_at_it_first(page: Page) -> None:
    expect(page.get_by_role("heading", name="Ready to publish")).to_be_visible()
    page.get_by_role("link", name="See it as visitors will").click()
    expect(page.get_by_text("This is what visitors will see.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Bring a cushion.")
    page.get_by_role("link", name="Back to the draft").click()


def test_leaving_a_step_with_something_that_is_not_saved_asks_first(visit):
    host = visit()
    logs_in(host, "organ-true@example.com")
    asked: list[str] = []

    def stays(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    host.on("dialog", stays)
    host.goto("/hosting/new/")
    host.get_by_label("What is it called?").fill("Organ at noon")
    host.get_by_role("main").get_by_role("link", name="Hosting").click()

    expect(host.get_by_label("What is it called?")).to_have_value("Organ at noon")
    assert asked == ["beforeunload"]
    host.get_by_label("What kind of event is it?").select_option("Organ music")
    host.get_by_role("button", name="Next: when").click()

    expect(host.get_by_label("Starts on")).to_be_visible()
    assert asked == ["beforeunload"]
