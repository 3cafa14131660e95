"""What a page for everyone has for each visitor."""

from typing import Any

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from eventmate.pages.recording import recording
from eventmate.pages.registry import REGISTRY
from events.models import Event, Review
from events.shared_pages import favorites_of, hosts_followed_by, messages_for, source_query
from tests.factories import (
    EventFactory,
    FavoriteFactory,
    HostFactory,
    HostFollowerFactory,
    ReviewFactory,
    TicketTypeFactory,
    UserFactory,
    days_from_now,
)


def tags_of(rows: Any) -> set[str]:
    """What a page shows that loads these rows."""
    with recording() as record:
        list(rows)
    return record.tags


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", ""),
        ("x=1", ""),
        ("ref=", ""),
        ("ref=newsletter", "?ref=newsletter"),
        ("x=1&ref=NewsLetter", "?ref=newsletter"),
        ("ref=caf%C3%A9", "?ref=caf%C3%A9"),
        ("ref=%22%3E%3Cscript%3E", ""),
        ("ref=a&ref=b", "?ref=b"),
        ("ref=" + "x" * 60, ""),
        ("ref=%FF%FE&" + "a" * 500, ""),
        ("ref=newsletter" + "&" * 2000, "?ref=newsletter"),
    ],
)
def test_link_goes_on_with_the_source_if_it_is_one(query: str, words: str) -> None:
    assert source_query({"QUERY_STRING": query}) == words
    assert source_query({}) == ""


@pytest.mark.django_db
def test_facts_are_those_of_the_member() -> None:
    user, event, host = UserFactory(), EventFactory(), HostFactory()
    assert (set(favorites_of(user)), set(hosts_followed_by(user))) == (set(), set())
    FavoriteFactory(user=user, event=event)
    FavoriteFactory(event=event)
    HostFollowerFactory(user=user, host=host)
    HostFollowerFactory(host=host)

    assert (set(favorites_of(user)), set(hosts_followed_by(user))) == ({event.pk}, {host.pk})
    assert REGISTRY.facts.keys() == {"favorites", "follows"}


def test_message_that_waits_is_shown_as_text() -> None:
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)
    assert messages_for(request) == ""
    messages.info(request, "<b>Jazz</b> is kept.")

    html = messages_for(request)

    assert "&lt;b&gt;Jazz&lt;/b&gt; is kept." in html
    assert request._messages.used


@pytest.mark.django_db
def test_page_shows_each_row_that_it_loads_with_those_around_it() -> None:
    event = EventFactory()
    review = ReviewFactory(event=event)

    assert tags_of(Event.objects.select_related("city", "host")) == {
        f"event:{event.pk}",
        f"city:{event.city_id}",
        f"host:{event.host_id}",
    }
    assert tags_of(Review.objects.with_reply()) == {f"user:{review.user_id}"}
    assert tags_of(Event.objects.values_list("title")) == set()
    assert not tags_of([])


@pytest.mark.django_db
def test_page_is_over_when_sales_begin_and_end_or_the_event_does() -> None:
    ticket_type = TicketTypeFactory(sales_start=days_from_now(1), sales_end=days_from_now(2))
    event = ticket_type.event

    with recording() as record:
        list(type(ticket_type).objects.all())
        list(Event.objects.all())

    assert {ticket_type.sales_start, ticket_type.sales_end, event.starts_at} <= record.moments
