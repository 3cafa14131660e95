"""Looking for events in a browser: in place with scripts, by full loads without, by keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import DESKTOP, PATIENCE
from tests.e2e.test_accessible import problems_of

CITY = "Swapville"
SEARCH = "/events/?city=swapville"
STAGE = """
from tests.e2e.listed import stage_city
stage_city("swapville", 10, 20)
"""


@pytest.fixture(scope="module", autouse=True)
def events(live_site):
    live_site.manage("shell", "--no-imports", "-c", STAGE)


def title(page: Page) -> Locator:
    return page.locator("#results-title")


def facet(page: Page, name: str) -> Locator:
    return page.locator(f"#facet-{name}")


def mark(page: Page) -> None:
    """Lets a test see whether the page is still the same one."""
    page.evaluate("window.isMarked = true")


def is_marked(page: Page) -> bool:
    return page.evaluate("window.isMarked === true")


def test_choice_changes_the_page_in_place_and_the_way_back_works(visit):
    page = visit(viewport=DESKTOP)
    page.goto(SEARCH)
    expect(title(page)).to_have_text("30 events")
    mark(page)
    facet(page, "host").locator("summary").click()
    facet(page, "time").locator("summary").click()

    facet(page, "category").get_by_role("link", name=f"{CITY} talks 2 events").click()

    expect(title(page)).to_have_text("2 events")
    expect(page).to_have_url(re.compile(r"\?city=swapville&category=swapville-talks$"))
    expect(page).to_have_title(f"{CITY} talks, {CITY} · EventMate")
    expect(page.locator("#search-status")).to_have_text("2 events")
    chosen = facet(page, "category").get_by_role("link", name=f"{CITY} talks")
    expect(chosen).to_be_focused()
    expect(chosen).to_have_attribute("aria-current", "true")
    expect(facet(page, "host")).to_have_attribute("open", "")
    expect(page.locator(".chips .remove")).to_have_count(2)
    assert is_marked(page)

    page.go_back()
    expect(title(page)).to_have_text("30 events")
    expect(page).to_have_url(re.compile(r"\?city=swapville$"))
    page.go_forward()
    expect(title(page)).to_have_text("2 events")
    expect(page.locator(".chips .remove")).to_have_count(2)


def test_filter_in_use_is_removed_and_the_focus_goes_to_what_is_found(visit):
    page = visit()
    page.goto(f"{SEARCH}&category=swapville-talks")
    mark(page)

    page.get_by_role("link", name=f"Remove the filter {CITY} talks").click()

    expect(title(page)).to_have_text("30 events")
    expect(title(page)).to_be_focused()
    assert is_marked(page)


def test_next_page_begins_at_its_top(visit):
    page = visit()
    page.goto(SEARCH)
    mark(page)
    following = page.get_by_role("link", name="Next", exact=True)
    following.scroll_into_view_if_needed()

    following.click()

    expect(page).to_have_url(re.compile("after="))
    expect(page.locator(".card")).to_have_count(6)
    expect(title(page)).to_be_focused()
    expect(title(page)).to_be_in_viewport()
    assert is_marked(page)


def test_form_keeps_the_filters_and_leaves_what_is_empty_out_of_the_address(visit):
    page = visit()
    page.goto(f"{SEARCH}&view=list&max_price=")
    mark(page)

    page.get_by_label("What").fill("talk")
    page.get_by_label("What").press("Enter")

    expect(title(page)).to_have_text("2 events")
    expect(page).to_have_url(re.compile(r"\?q=talk&city=swapville&view=list$"))
    assert is_marked(page)


def test_order_changes_at_once(visit):
    page = visit()
    page.goto(SEARCH)
    mark(page)

    page.get_by_label("Sort by").select_option("Highest price")

    expect(page).to_have_url(re.compile("sort=-price"))
    expect(page.get_by_label("Sort by")).to_be_focused()
    assert is_marked(page)


@pytest.fixture
def lenient_page(live_site, browser):
    """For what browsers complain of: answers of 400, and none."""
    context = browser.new_context(base_url=live_site.url, viewport=DESKTOP)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_error_is_shown_at_its_field(lenient_page):
    page = lenient_page
    page.goto(SEARCH)
    mark(page)
    facet(page, "max_price").locator("summary").click()
    page.get_by_label("Price from").fill("30")
    page.get_by_label("Price up to").fill("20")
    page.get_by_role("button", name="Set the prices").click()

    expect(page.get_by_role("alert").filter(has_text="do not work")).to_be_visible()
    expect(page.get_by_label("Price up to")).to_have_attribute("aria-invalid", "true")
    assert is_marked(page)


def test_search_that_does_not_arrive_says_so(lenient_page):
    page = lenient_page
    page.goto(SEARCH)
    page.context.set_offline(True)

    facet(page, "category").get_by_role("link", name=f"{CITY} talks").click()

    expect(page.get_by_text("The search did not reach us.")).to_be_visible()
    expect(title(page)).to_have_text("30 events")


@pytest.mark.parametrize("view", ["list", "calendar"])
def test_everything_works_without_scripts(visit, view):
    page = visit(java_script_enabled=False, viewport=DESKTOP)
    page.goto(f"{SEARCH}&view={view}")

    facet(page, "category").get_by_role("link", name=f"{CITY} concerts").click()
    expect(title(page)).to_have_text("28 events")
    facet(page, "max_price").locator("summary").click()
    page.get_by_label("Price up to").fill("5")
    page.get_by_role("button", name="Set the prices").click()
    expect(title(page)).to_have_text("0 events")
    page.get_by_role("link", name=f"Remove the filter {CITY} concerts").click()
    expect(title(page)).to_have_text("2 events")
    assert f"view={view}" in page.url
    assert page.get_by_role("button", name="Near me").count() == 0


def test_filters_are_behind_a_button_on_a_phone_and_open_beside_the_list_on_a_desk(visit):
    phone, desk = visit(), visit(viewport=DESKTOP)
    for page in (phone, desk):
        page.goto(SEARCH)
    concerts = facet(phone, "category").get_by_role("link", name=f"{CITY} concerts")

    expect(facet(desk, "category").get_by_role("link", name=f"{CITY} concerts")).to_be_visible()
    expect(concerts).to_be_hidden()
    phone.locator(".filters > summary").click()
    expect(concerts).to_be_visible()
    concerts.click()
    expect(title(phone)).to_have_text("28 events")
    expect(concerts).to_be_visible()


def test_keyboard_reaches_filters_views_and_months(visit):
    page = visit(viewport=DESKTOP)
    page.goto(SEARCH)
    facet(page, "category").get_by_role("link", name=f"{CITY} talks").focus()
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("2 events")

    page.get_by_role("link", name="Calendar", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_role("link", name="Calendar", exact=True)).to_be_focused()
    for _ in range(2):
        page.get_by_role("link", name="Month after").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Month after")).to_be_focused()
    page.wait_for_url(re.compile("month="))


def test_near_me_asks_on_a_click_only_and_shows_how_far_away_events_are(visit):
    page = visit(
        permissions=["geolocation"], geolocation={"latitude": 10.00123, "longitude": 20.00456}
    )
    page.goto("/events/")
    page.wait_for_load_state("networkidle")
    assert "near=" not in page.url

    page.get_by_role("button", name="Near me").click()

    expect(page).to_have_url(re.compile(r"near=10\.00%2C20\.00&sort=distance"))
    expect(title(page)).to_have_text("30 events")
    expect(page.locator(".card-distance").first).to_have_text("1.1 km away")
    page.locator(".filters > summary").click()
    page.get_by_label("Within").select_option("5 km")
    expect(page).to_have_url(re.compile("radius=5"))
    expect(title(page)).to_have_text("30 events")


def test_near_me_that_is_denied_offers_to_choose_a_city(visit):
    page = visit(permissions=[])
    page.goto("/events/?near=me")
    expect(page.get_by_text("To show what is near you")).to_be_visible()

    page.get_by_role("button", name="Near me").last.click()

    expect(page.get_by_text("Your browser did not tell us where you are")).to_be_visible()
    page.get_by_role("link", name="choose a city", exact=True).click()
    expect(facet(page, "city").get_by_role("link").first).to_be_visible()


@pytest.mark.parametrize(
    "query",
    ["", "&view=calendar", "&near=swapville&radius=50", "&q=nothing&max_price=0", "&date=x"],
)
def test_page_reads_well(visit, query):
    page = visit()
    page.goto(SEARCH + query)

    assert problems_of(page) == []
    page.locator(".filters").evaluate("details => { details.open = true }")
    for details in page.locator(".facet").all():
        details.evaluate("details => { details.open = true }")
    assert problems_of(page) == []
