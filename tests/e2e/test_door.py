"""Someone at the door of an event, with a phone and a scanner that types."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessible import problems_of
from tests.e2e.test_host_cancels import logs_in

STAGE = """
import json
from bookings.ticket_codes import sign_ticket_code
from events.models import HostMember, HostRole
from tests.e2e.stage import with_buyers
from tests.factories import UserFactory
codes = {}
for name in ("true", "false", "broken"):
    event = with_buyers(f"harbour-ball-{name}", "Ada Lovelace", "Charles Babbage").event
    user = UserFactory(email=f"bo@harbour-ball-{name}.example.com", name="Bo Smith")
    HostMember.objects.create(host=event.host, user=user, role=HostRole.DOOR)
    for booking in event.bookings.all():
        booking.tickets.update(attendee_name=booking.name)
    ada = event.bookings.get(name="Ada Lovelace").tickets.get()
    codes[name] = sign_ticket_code(ada.code)
print(json.dumps(codes))
"""


@pytest.fixture(scope="module")
def codes(live_site):
    """Of Ada's tickets."""
    return json.loads(live_site.manage("shell", "--no-imports", "-c", STAGE).splitlines()[-1])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_door_staff_let_people_in(visit, codes, scripts):
    name = f"{scripts}".lower()
    page = visit(java_script_enabled=scripts)
    logs_in(page, f"bo@harbour-ball-{name}.example.com")
    page.goto(f"/hosting/harbour-ball-{name}/attendees/")
    page.get_by_role("link", name="Check in at the door").click()
    expect(page.get_by_text("0 of 2 in")).to_be_visible()

    scan(page, codes[name])
    told(page, "Come in", "Ada Lovelace")
    expect(page.get_by_text("1 of 2 in")).to_be_visible()
    reads_well(page, scripts)
    scan(page, codes[name])
    told(page, "Already in", "by Bo Smith.")
    reads_well(page, scripts)
    scan(page, codes[name][::-1])
    told(page, "Not valid", "was not issued here")
    reads_well(page, scripts)

    scan(page, "babbage")
    expect(page.get_by_role("heading", name="One ticket for “babbage”")).to_be_visible()
    reads_well(page, scripts)
    page.get_by_role("button", name="Check in Charles Babbage").click()
    told(page, "Come in", "Charles Babbage")
    page.get_by_role("button", name="Undo the check-in of Charles Babbage").click()
    expect(page.get_by_text("Charles Babbage is no longer checked in.")).to_be_visible()
    expect(page.get_by_text("1 of 2 in")).to_be_visible()

    page.get_by_role("link", name="Who has not come yet").click()
    expect(page.get_by_role("row", name="Charles Babbage")).to_be_visible()
    expect(page.get_by_role("row", name="Ada Lovelace")).to_have_count(0)


def test_whoever_stands_there_sees_it_when_no_answer_comes(browser, live_site, codes):
    context = browser.new_context(base_url=live_site.url)
    page = context.new_page()
    logs_in(page, "bo@harbour-ball-broken.example.com")
    page.goto("/hosting/harbour-ball-broken/door/")
    page.route(
        "**/door/",
        lambda route: route.abort() if route.request.resource_type == "xhr" else route.continue_(),
    )

    scan(page, codes["broken"])

    told(page, "Come in", "Ada Lovelace")
    context.close()


def scan(page: Page, text: str) -> None:
    """As a scanner does: it types where the focus is, and ends with Enter."""
    field = page.get_by_label("Code, name, e-mail or reference")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def told(page: Page, title: str, text: str) -> None:
    answer = page.get_by_role("alert")
    expect(answer.get_by_role("heading", name=title)).to_be_visible()
    expect(answer).to_contain_text(text)
    expect(page).to_have_title(re.compile(f"^{title} · Door of Harbour Ball"))


def reads_well(page: Page, scripts: bool) -> None:
    if scripts:
        assert problems_of(page) == []
