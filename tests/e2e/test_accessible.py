"""The pages of a ticket's life read well: with ears, by keyboard, at 360 px, in both schemes."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD

pytestmark = pytest.mark.timeout(600)  # the first one waits until everything is on the stage

AUDIT = Path(__file__).with_name("audit.js").read_text()
STAGE = "from tests.e2e.pages import stage; print(stage())"
PAGES = [
    "choose",
    "choose, unknown code",
    "choose, sold out",
    "confirm",
    "booking",
    "booking, cancelled",
    "cancel",
    "ticket",
    "ticket, sent on",
    "rename",
    "send on",
    "join",
    "waiting",
    "waiting, offered",
    "offer",
    "event, reviewed",
    "event, with dates",
    "report",
    "host",
    "unsubscribe",
]
HOSTED = [
    "dashboard",
    "start",
    "host",
    "team",
    "member",
    "hand over",
    "leave",
    "new event",
    "edit",
    "what",
    "when",
    "where",
    "tickets",
    "new_ticket_type",
    "ticket type",
    "shared places",
    "new shared places",
    "page",
    "duplicate",
    "repeat",
    "dates",
    "more dates",
    "cancel dates",
    "one of many",
    "unpublish",
    "bookings",
    "booking",
    "cancel booking",
    "cancel event",
    "attendees",
    "door",
    "add attendee",
    "import",
    "import, under way",
    "import, refused",
    "import, failed",
    "rename",
    "move",
    "notice",
    "notice, done",
    "messages",
    "new message",
    "message",
    "pictures",
    "delete picture",
    "questions",
    "new question",
    "question",
    "question, answered",
    "codes",
    "new code",
    "code",
    "reviews",
    "reply",
    "remove reply",
    "followers",
    "follows",
    "host page",
]
BROKEN = """
<main><h1>One</h1><h3 id="a">Skipped</h3><p id="a">Twice</p><h1>Two</h1><nav></nav>
<input><label for="nobody">Nobody</label><a href="/"></a><img><svg></svg>
<p style="color: #888; background: #999">Pale</p><pre style="width: 500px">Wide</pre></main>
"""
FORMS = ["confirm", "rename", "send on", "join"]  # whose fields can be left empty


@pytest.fixture(scope="module")
def paths(live_site):
    printed = live_site.manage("shell", "--no-imports", "-c", STAGE)
    return json.loads(printed.splitlines()[-1])


@pytest.fixture(scope="module")
def hosts_cookies(live_site, browser, paths):
    page = browser.new_page(base_url=live_site.url)
    page.goto(paths["login"])
    page.get_by_label("E-mail address").fill(paths["owner"])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page.get_by_role("main").get_by_label("Password")).to_have_count(0)
    cookies = page.context.storage_state()
    page.context.close()
    return cookies


def test_audit_finds_what_is_wrong(visit):
    page = visit()
    page.set_content(BROKEN)
    found = " ".join(problems_of(page))
    for problem in (
        "no language",
        "no title",
        "not one header",
        "nameless: <nav>",
        "twice: a",
        "names what is not there: nobody",
        "headings of level 1",
        "skips",
        "a field without a label",
        "nameless: <a",
        "without alt",
        "a picture without a name",
        "px wide",
        "contrast 1.2",
    ):
        assert problem in found


@pytest.mark.parametrize("name", PAGES)
def test_guests_page_reads_well(visit, paths, name):
    page = visit()
    page.goto(paths[name])
    assert problems_of(page) == []
    if name in FORMS:
        sends_empty_form(page)
        assert problems_of(page) == []


@pytest.mark.parametrize("name", HOSTED)
def test_hosts_page_reads_well(visit, hosts_cookies, paths, name):
    page = visit(storage_state=hosts_cookies)
    page.goto(paths[f"hosted {name}"])
    assert problems_of(page) == []


def sends_empty_form(page: Page) -> None:
    form = page.locator("main form[novalidate]")
    for field in form.get_by_role("textbox").all():
        field.fill("")
    form.locator(".actions [type=submit]").first.click()
    expect(page.get_by_role("alert").first).to_be_focused()


def problems_of(page: Page) -> list[str]:
    problems = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        problems += [f"{scheme}: {problem}" for problem in page.evaluate(AUDIT)]
    return problems
