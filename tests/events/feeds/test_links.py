"""What a list has in its head, and how a visitor saves it."""

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.http import urlencode

from events.forms.addresses import lasting_query, parse_search
from tests.factories import EventFactory, UserFactory

pytestmark = pytest.mark.django_db


def rendered(template, address, user=None, **context):
    request = RequestFactory().get(address)
    return BeautifulSoup(
        render_to_string(template, {"user": user, **context}, request=request), "html.parser"
    )


@pytest.mark.parametrize(
    ("address", "query", "asked"),
    [
        ("/events/", None, ""),
        ("/events/?q=jazz&sort=price&page=2&view=map", None, "?q=jazz"),
        ("/city/berlin/?page=2", "city=berlin", "?city=berlin"),
        ("/events/?q=jaz", "?q=jazz", "?q=jazz"),
        ("/events/?q=%22%3E%3Cb%3E", None, "?q=%22%3E%3Cb%3E"),
    ],
)
def test_list_names_its_feeds(address, query, asked):
    links = rendered("events/_feed_links.html", address, query=query).find_all("link")

    assert [(link["rel"], link["type"], link["href"]) for link in links] == [
        (["alternate"], "text/calendar", f"/events.ics{asked}"),
        (["alternate"], "application/atom+xml", f"/events.atom{asked}"),
    ]


@pytest.mark.parametrize("is_member", [False, True])
def test_list_offers_to_be_saved_without_a_token_for_those_who_are_not_logged_in(is_member):
    """A page with a token is not the same for everyone."""
    user = UserFactory() if is_member else None

    page = rendered("events/_save_search.html", "/events/?q=jazz&city=berlin", user)

    assert page.form["method"] == ("post" if is_member else "get")
    assert page.form["action"] == "/searches/new/"
    assert page.find("input", {"name": "query"})["value"] == "q=jazz&city=berlin"
    assert bool(page.find("input", {"name": "csrfmiddlewaretoken"})) == is_member


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("nihgt jazzz", "night jazz"),  # spelt rightly
        ("jazz xylophone", "jazz"),  # without what nothing has
        ("jazz", "jazz"),
    ],
)
def test_what_a_visitor_keeps_of_a_search_is_what_the_page_shows(client, typed, shown):
    city = EventFactory(title="Late Night Jazz", city__slug="berlin").city
    EventFactory(title="Night of Jazz elsewhere")

    response = client.get("/events/", {"q": typed, "city": city.slug, "view": "list"})

    assert [event.title for event in response.context["page"].events] == ["Late Night Jazz"]
    page = BeautifulSoup(response.content, "html.parser")
    [kept] = page.find_all("input", {"name": "query"})
    feeds = [link["href"].partition("?")[2] for link in page.find_all("link", rel="alternate")]
    asked = QueryDict(urlencode({"q": shown, "city": city.slug}))
    assert [QueryDict(query) for query in feeds] == [asked, asked]
    assert lasting_query(parse_search(str(kept["value"]))) == feeds[0]
