"""What stands around nearly every page, on pages of different kinds one after the other."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.signals import template_rendered
from django.test.utils import override_script_prefix, override_settings
from django.urls import NoReverseMatch

from tests.factories import UserFactory

# A site that has no pages, for the test of addresses.
urlpatterns: list[Any] = []

VISITOR = AnonymousUser()
MEMBER = SimpleNamespace(is_authenticated=True)
FRAME = "{% load frame %}{% site_head %}{% site_header %}{% site_footer %}"


def frame(path: str = "/event/jazz/", *, user: Any = VISITOR, **words: Any) -> str:
    request = RequestFactory().get(path)
    return Template(FRAME).render(Context({"request": request, "user": user, **words}))


def current_links(html: str) -> list[str]:
    return [part.rpartition('href="')[2] for part in html.split('" aria-current="page"')[:-1]]


def test_each_part_is_rendered_once_for_many_pages() -> None:
    frame(), frame(user=MEMBER)
    rendered: list[str | None] = []

    def note(template: Template, **_more: Any) -> None:
        rendered.append(template.name)

    template_rendered.connect(note)
    try:
        frame("/event/rock/"), frame("/event/rock/", user=MEMBER)
    finally:
        template_rendered.disconnect(note)

    assert rendered == [None, None]  # the two of this test


def test_header_is_for_who_looks() -> None:
    for _time in range(2):
        visitor, member = frame(), frame(user=MEMBER)
        assert "Sign up" in visitor
        assert "My bookings" not in visitor
        assert "Sign up" not in member
        assert "My bookings" in member


@pytest.mark.parametrize("path", ["/events/", "/favorites/", "/bookings/", "/hosting/"])
def test_header_says_which_of_its_links_is_the_page(path: str) -> None:
    other = "/event/jazz/"

    assert [current_links(frame(at, user=MEMBER)) for at in (other, path, other)] == [
        [],
        [path],
        [],
    ]


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/bookings/", '/"><b>/'])
def test_page_that_is_not_in_the_menu_is_not_said_to_be(path: str) -> None:
    assert frame(path) == frame()


@pytest.mark.django_db
def test_member_is_told_where_they_are(client: Client) -> None:
    client.force_login(UserFactory())

    assert current_links(client.get("/bookings/").content.decode()) == ["/bookings/"]


def test_page_with_a_search_of_its_own_has_no_other() -> None:
    assert "site-search" in frame()
    assert "site-search" not in frame(has_own_search=True)
    assert "site-search" in frame()


def test_frame_stands_around_pages_that_nobody_asked_for() -> None:
    assert Template(FRAME).render(Context()) == frame()


def test_addresses_are_those_of_the_site_in_use() -> None:
    assert 'href="/accounts/login/"' in frame()
    with override_script_prefix("/shows/"):
        assert 'href="/shows/accounts/login/"' in frame()
    with override_settings(STATIC_URL="https://files.example.org/"):
        assert 'href="https://files.example.org/css/theme.css"' in frame()
    with override_settings(ROOT_URLCONF=__name__), pytest.raises(NoReverseMatch):
        frame()
    assert 'href="/static/css/theme.css"' in frame()
