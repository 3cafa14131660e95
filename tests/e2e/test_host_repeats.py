"""A host makes a series, on a phone, and changes its dates."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessible import problems_of
from tests.e2e.test_host_cancels import logs_in

STAGE = """
import datetime as dt
from tests.factories import TicketTypeFactory
from tests.e2e.stage import stage_event
for scripts in ("true", "false"):
    starts_at = dt.datetime(2028, 1, 7, 18, tzinfo=dt.UTC)
    event = stage_event(
        f"weekly-choir-{scripts}",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=2),
        status="draft",
    )
    TicketTypeFactory(event=event)
"""


@pytest.fixture(scope="module", autouse=True)
def events(live_site):
    live_site.manage("shell", "--no-imports", "-c", STAGE)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_host_makes_a_series_and_moves_its_dates(visit, scripts):
    slug = f"weekly-choir-{str(scripts).lower()}"
    host = visit(java_script_enabled=scripts)
    logs_in(host, f"host-of-{slug}@example.com")
    host.goto(f"/hosting/{slug}/edit/")
    host.get_by_role("link", name="Repeat it…").click()

    plans_dates(host)
    if scripts:
        assert problems_of(host) == []
    host.get_by_label("Leave out 21 January 2028").check()
    host.get_by_role("button", name="Make the series").click()
    expect(host.get_by_text("2 new dates: here they all are.")).to_be_visible()
    expect(host.get_by_role("main")).not_to_contain_text("21 Jan 2028")

    host.get_by_role("button", name="Publish all 3 drafts").click()
    expect(host.get_by_text("3 dates are published.")).to_be_visible()
    moves_the_following(host, slug)

    visitor = visit(java_script_enabled=scripts)
    visitor.goto(f"/event/{slug}/")
    visitor.get_by_role("link", name="Fri 28 Jan 2028, 20:30").click()
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    expect(visitor.get_by_role("main")).to_contain_text("20:30")


def plans_dates(page: Page) -> None:
    """After too many of them."""
    page.get_by_label("How many dates").fill("500")
    page.get_by_role("button", name="Show the dates").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("How many dates").fill("4")
    page.get_by_role("button", name="Show the dates").click()
    dates = page.get_by_role("region", name="3 new dates")
    expect(dates).to_contain_text("Fri 14 Jan 2028, 19:00 – 21:00 CET")


def moves_the_following(page: Page, slug: str) -> None:
    page.goto(f"/hosting/{slug}-2028-01-14/edit/when/")
    page.get_by_label("Start time").fill("20:30")
    page.get_by_label("End time").fill("22:30")
    page.get_by_label("This date and the date after it").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Changed here and on 1 date after it.")).to_be_visible()
