"""Whoever sends a form sees what came of it on the next page, whichever worker answers that."""

import secrets
import time

import psutil
import pytest

from loadtests.site import LiveSite
from tests.eventmate.one_worker import only
from tests.eventmate.pages import scene
from tests.eventmate.pages.insider import Insider
from tests.eventmate.pages.members import (
    TOKEN,
    Member,
    hearts_in,
    join,
    session_of_owner,
    toggle_favorite,
)
from tests.eventmate.pages.visitors import AT_ONCE, Visitor, each_worker, warm

EVENT, HOST = "/event/event-0/", "/host/host-0/"


@pytest.fixture
def member(site: LiveSite, insider: Insider) -> Member:
    """Who keeps the event and follows its host, and is known to all workers."""
    insider(scene.put_up_many, ["event-0"], ["host-0"])
    member = Member(**insider(join, [f"zq{secrets.token_hex(4)}"], 0)[0])
    warm(site, EVENT, HOST, "/", "/events/")
    for _ in each_worker(site):
        for path in (EVENT, HOST, "/", EVENT, HOST, "/"):
            reply = Visitor(site, **member.cookies).get(path)
        assert reply.is_from_memory
    return member


def orders(site: LiveSite) -> list[tuple[psutil.Process, psutil.Process]]:
    """Who answers the form, and who the next page."""
    first, second = site.workers()
    return [(first, first), (first, second), (second, first)]


def send(visitor: Visitor, form_on: str, path: str, **fields: str) -> None:
    token = TOKEN.findall(visitor.get(form_on).html)[0]
    assert visitor.post(path, {"csrfmiddlewaretoken": token, **fields}).status == 302


def test_favourite_is_let_go_and_kept_on_the_next_page_of_either_worker(
    site: LiveSite, member: Member
) -> None:
    keeps = True
    for first, then in orders(site):
        visitor = Visitor(site, **member.cookies)
        with only(site, first):
            send(visitor, EVENT, f"{EVENT}favorite/", next="/")
        keeps = not keeps
        with only(site, then):
            assert hearts_in(visitor.get("/").html) == {"event-0": keeps}
            assert ("Remove from favourites" in visitor.get(EVENT).html) == keeps


def test_change_that_was_not_sent_by_the_visitor_is_seen_after_a_moment_only(
    site: LiveSite, member: Member, insider: Insider
) -> None:
    def is_seen_at_once() -> bool:
        visitor = Visitor(site, **member.cookies)
        before = TOKEN.sub("", visitor.get(EVENT).html)
        insider(toggle_favorite, member.mark, "event-0")
        return TOKEN.sub("", visitor.get(EVENT).html) != before

    # On a busy machine, the moment may be over.
    with only(site, site.workers()[0]):
        assert not all(is_seen_at_once() for _ in range(50))


def test_host_is_followed_on_the_next_page_of_either_worker(site: LiveSite, member: Member) -> None:
    follows = True
    for first, then in orders(site):
        visitor = Visitor(site, **member.cookies)
        with only(site, first):
            send(visitor, HOST, f"{HOST}follow/", follow="no" if follows else "yes")
        follows = not follows
        with only(site, then):
            html = visitor.get(HOST).html
        assert (">Unfollow<" in html) == follows
        assert ("1 follower" in html) == follows


def test_host_who_edits_an_event_sees_it_so_on_either_worker(
    site: LiveSite, member: Member, insider: Insider
) -> None:
    cookies = {"sessionid": insider(session_of_owner, "event-0"), "csrftoken": "c" * 32}
    form_page = "/hosting/event-0/edit/page/"
    for number, (first, then) in enumerate(orders(site)):
        owner = Visitor(site, **cookies)
        fields = {"summary": f"The words of {number}.", "description": "Doors open at seven."}
        with only(site, first):
            send(owner, form_page, form_page, **fields)
        with only(site, then):
            assert fields["summary"] in owner.get(EVENT).html


def test_who_logs_out_is_a_stranger_to_each_worker_within_a_second(
    site: LiveSite, member: Member
) -> None:
    first, _second = site.workers()
    with only(site, first):
        send(Visitor(site, **member.cookies), "/accounts/logout/", "/accounts/logout/")
    time.sleep(AT_ONCE)

    for _ in each_worker(site):
        html = Visitor(site, **member.cookies).get(EVENT).html
        assert "Log in" in html
        assert "Log out" not in html


def test_account_that_is_closed_is_a_stranger_to_each_worker_within_a_second(
    site: LiveSite, member: Member, insider: Insider
) -> None:
    insider(scene.close_account, f"{member.mark}@example.com")
    time.sleep(AT_ONCE)

    for _ in each_worker(site):
        assert "Log out" not in Visitor(site, **member.cookies).get(EVENT).html
