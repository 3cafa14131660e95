"""A host puts pictures on an event's page, and visitors see them in their sizes."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PATIENCE
from tests.e2e.test_host_cancels import logs_in
from tests.events.images.pictures import bomb, picture

STAGE = """
from tests.e2e.stage import stage_event
stage_event("picture-show-true")
stage_event("picture-show-false")
"""


@pytest.fixture(scope="module", autouse=True)
def events(live_site):
    live_site.manage("shell", "--no-imports", "-c", STAGE)


def file(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_host_adds_describes_orders_and_deletes_pictures(visit, working, scripts):
    slug = f"picture-show-{scripts}".lower()
    page = visit(java_script_enabled=scripts, viewport=DESKTOP)
    logs_in(page, f"host-of-{slug}@example.com")
    page.goto(f"/hosting/{slug}/images/")

    page.get_by_label("Add pictures", exact=True).set_input_files(
        [
            file("stage.jpg", picture(1200, 675, colour="teal")),
            file("bar.jpg", picture(1000, 700, colour="maroon")),
            file("evil.jpg", bomb()),
        ]
    )
    page.get_by_role("button", name="Add them").click()
    expect(page.get_by_text("evil.jpg: It has more than 50 million pixels.")).to_be_visible()
    describe(page, 1, "A teal stage")
    describe(page, 2, "The bar, in maroon")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No description")).to_have_count(0)
    assert shown(page) == ["A teal stage", "The bar, in maroon"]

    if scripts:
        drag_second_above_first(page)
        expect(page.get_by_text("The new order is saved.")).to_be_visible()
        page.reload()
    else:
        page.get_by_role("button", name="Up picture 2").click()
        expect(page.get_by_role("button", name="Up picture 1")).to_be_disabled()
    assert shown(page) == ["The bar, in maroon", "A teal stage"]

    visitor = visit(java_script_enabled=scripts)
    with working():
        expect_sizes(visitor, f"/event/{slug}/")
    expect(visitor.get_by_role("img", name="The bar, in maroon")).to_be_visible()
    expect(visitor.get_by_role("img", name="A teal stage")).to_have_count(1)

    page.get_by_role("button", name="Delete… picture 1").click()
    page.get_by_role("button", name="Delete the picture").click()
    expect(page.get_by_text("The picture is deleted.")).to_be_visible()
    assert shown(page) == ["A teal stage"]


def describe(page: Page, number: int, words: str) -> None:
    page.get_by_role("group", name=f"Picture {number}").get_by_label("What it shows").fill(words)


def shown(page: Page) -> list[str]:
    expect(page.get_by_role("group", name="Picture 1")).to_be_visible()
    return [field.input_value() for field in page.get_by_label("What it shows").all()]


def drag_second_above_first(page: Page) -> None:
    handle = page.locator("[data-handle]").nth(1)
    handle.scroll_into_view_if_needed()
    start, goal = handle.bounding_box(), page.locator("[data-picture]").first.bounding_box()
    assert start
    assert goal
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 10, goal["y"] + 5, steps=12)
    page.mouse.up()


def expect_sizes(page: Page, path: str) -> None:
    """The worker has to start first."""
    for _ in range(PATIENCE // 500):
        page.goto(path)
        cover = page.locator(".event-cover img")
        if ".avif" in (cover.evaluate("image => image.currentSrc")):
            assert cover.evaluate("image => image.complete && image.naturalWidth > 0")
            return
        page.wait_for_timeout(500)
    raise AssertionError("No sizes were made.")
