"""The search box suggests: by keyboard, pointer and ear; and it does without scripts."""

import re
import time

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.test_accessible import problems_of

STAGE = """
from tests.factories import CityFactory, EventFactory
city = CityFactory(name="Quillburg", slug="quillburg")
for title in ("Quillwort Quartet", "Quillwort Quiz"):
    EventFactory(title=title, slug=title.lower().replace(" ", "-"), city=city)
"""
SUGGEST = "**/events/suggest/*"
NEWS_IS_HEARD_AFTER = 1.0  # second
LEAST_TARGET = 44  # pixels


@pytest.fixture(scope="module", autouse=True)
def events(live_site):
    live_site.manage("shell", "--no-imports", "-c", STAGE)
    time.sleep(NEWS_IS_HEARD_AFTER)


@pytest.fixture
def page(visit) -> Page:
    page = visit()
    page.goto("/")
    return page


def box_of(page: Page) -> Locator:
    return page.get_by_role("combobox", name="What")


def types(page: Page, text: str) -> Locator:
    """With the box's field, which has become a combobox by the time it has the focus."""
    page.get_by_label("What", exact=True).focus()
    box_of(page).press_sequentially(text, delay=10)
    return box_of(page)


# Quicker than any machine would press keys.
QUICKLY = """(box, text) => {
    for (const letter of text) {
        box.value += letter;
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
}"""


# Counts the answers that the page has read: who awaits one goes on before the next task.
ANSWERS = """
    window.answers = 0;
    const ask = window.fetch;
    window.fetch = async (...given) => {
        const answer = await ask(...given);
        setTimeout(() => window.answers++);
        return answer;
    };
"""


def option(page: Page, name: str) -> Locator:
    return page.get_by_role("option", name=re.compile(name))


def test_arrows_choose_among_options_while_the_focus_stays_in_the_field(page):
    box = types(page, "quillwort qu")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("option")).to_have_count(2)
    listbox = page.get_by_role("listbox", name="Suggestions")
    assert box.get_attribute("aria-controls") == listbox.get_attribute("id")
    expect(page.get_by_role("group", name="Events").get_by_role("option")).to_have_count(2)

    first, second = page.get_by_role("option").all()
    for key, chosen in (
        *[("ArrowDown", first), ("ArrowDown", second), ("ArrowDown", None), ("ArrowDown", first)],
        *[("ArrowUp", None), ("ArrowUp", second), ("Home", None), ("ArrowUp", second)],
        *[("End", None), ("ArrowDown", first), ("ArrowLeft", None)],
    ):
        page.keyboard.press(key)
        expect(box).to_be_focused()
        for each in (first, second):
            expect(each).to_have_attribute("aria-selected", str(each is chosen).lower())
        if chosen:
            expect(box).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
        else:
            expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    expect(box).to_have_value("quillwort qu")


def test_enter_opens_the_chosen_event(page):
    types(page, "quillwort quiz")
    expect(option(page, "Quillwort Quiz")).to_be_visible()
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Quillwort Quiz")


def test_enter_with_nothing_chosen_searches(page):
    types(page, "quillwort")
    expect(option(page, "Quillwort Quiz")).to_be_visible()
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/events/\?q=quillwort&location=$"))


def test_escape_and_tab_close_the_options_and_nothing_is_lost(page):
    box = types(page, "quillwort")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(options).to_have_count(0)
    expect(box).to_have_value("quillwort")

    page.keyboard.press("ArrowDown")
    expect(options).to_have_count(2)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Where")).to_be_focused()
    expect(options).to_have_count(0)


def test_number_of_suggestions_is_announced(page):
    status = page.locator("[data-search-box]").get_by_role("status")
    box = types(page, "quillwort")
    expect(status).to_have_text("2 suggestions")
    box.press_sequentially(" quiz")
    expect(status).to_have_text("1 suggestion")
    box.press_sequentially("zical")
    expect(status).to_have_text("No suggestions")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_finger_opens_an_event_and_page_reads_well(visit):
    page = visit(has_touch=True, is_mobile=True)
    page.goto("/")
    types(page, "quillwort")
    expect(page.get_by_role("option")).to_have_count(2)
    assert problems_of(page) == []
    for each in page.get_by_role("option").all():
        assert each.bounding_box()["height"] >= LEAST_TARGET
    option(page, "Quillwort Quartet").tap()

    expect(page.get_by_role("heading", level=1)).to_have_text("Quillwort Quartet")


def test_city_becomes_a_filter_in_the_place_of_text_and_place(page):
    page.get_by_label("Where").fill("elsewhere")
    types(page, "quillb")
    option(page, "Quillburg").click()

    expect(page).to_have_url(re.compile(r"/events/\?city=quillburg$"))


def test_answer_that_comes_late_is_dropped(page):
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/events/suggest/?q=quillwort", hold)
    box = types(page, "quillwort")
    wait_for(page, lambda: held)
    box.press_sequentially(" quiz")
    expect(option(page, "Quillwort Quiz")).to_be_visible()
    held[0].fulfill(body='<ul role="group"><li role="option">Late</li></ul>')
    page.wait_for_timeout(300)

    expect(option(page, "Late")).to_have_count(0)
    expect(option(page, "Quillwort Quiz")).to_be_visible()


def test_options_stay_while_someone_chooses_among_them(page):
    held: list[Route] = []
    box = types(page, "quillwort")
    expect(page.get_by_role("option")).to_have_count(2)
    # On a busy machine a part of the word may be asked for as well.
    page.route("**/events/suggest/?q=quillwort+*", lambda route: held.append(route))
    box.press_sequentially(" quiz")
    wait_for(page, lambda: held and held[-1].request.url.endswith("+quiz"))

    page.keyboard.press("ArrowDown")
    held[-1].fulfill(body='<ul role="group"><li role="option">Late</li></ul>')
    page.wait_for_timeout(300)

    expect(option(page, "Late")).to_have_count(0)
    expect(option(page, "Quillwort Quartet")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Quillwort Quartet")


def test_letters_that_are_being_composed_are_not_asked_for(page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("What", exact=True).focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send(
        "Input.imeSetComposition", {"text": "quillwort", "selectionStart": 9, "selectionEnd": 9}
    )
    page.wait_for_timeout(500)
    assert not any("/suggest/" in url for url in asked)

    keyboard.send("Input.insertText", {"text": "quillwort"})
    expect(page.get_by_role("option")).to_have_count(2)


def test_quick_typing_asks_seldom_and_a_refusal_gives_the_server_rest(live_site, browser):
    page = browser.new_page(base_url=live_site.url)
    page.add_init_script(ANSWERS)
    page.goto("/")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=429, headers={"Retry-After": "60"}, body="")

    page.route(SUGGEST, refuse)
    box = types(page, "q")
    box.evaluate(QUICKLY, "uillwort quartet")
    wait_for(page, lambda: page.evaluate("window.answers"))
    box.evaluate(QUICKLY, " abc")
    page.wait_for_timeout(500)

    assert len(asked) == 1
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=quillwort"))
    page.context.close()


def test_box_is_a_plain_form_without_scripts(visit):
    page = visit(java_script_enabled=False)
    page.goto("/")
    field = page.get_by_role("searchbox", name="What")
    field.fill("quillwort")
    field.press("Enter")

    expect(page).to_have_url(re.compile(r"/events/\?q=quillwort"))
    expect(page.get_by_role("link", name="Quillwort Quiz").first).to_be_visible()


def wait_for(page: Page, is_so) -> None:
    for _ in range(100):
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen")
