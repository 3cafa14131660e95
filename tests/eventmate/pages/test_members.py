"""Who a worker knows by their session, and for how long."""

import time
from types import SimpleNamespace

import pytest
from django.middleware.csrf import _does_token_match

from eventmate.pages import members as module
from eventmate.pages.members import LONGEST_KEY, MOST_NUMBERS, Members, session_tag

KEY, OTHER = "a" * 32, "b" * 32
SECRET = "s" * 32


def known() -> Members:
    members = Members()
    members.remember(KEY, 5, {"favorites": {1, 2}})
    members.remember(OTHER, 6, {})
    return members


def test_member_is_found_by_the_session() -> None:
    member = known().find(KEY)

    assert member
    assert (member.user_id, member.facts) == (5, {"favorites": {1, 2}})
    assert known().find("c" * 32) is None


@pytest.mark.parametrize("tag", ["user:5", session_tag(KEY)])
def test_member_is_forgotten_where_something_of_theirs_changes(tag: str) -> None:
    members = known()

    members.forget({"event:1", tag})

    assert members.find(KEY) is None
    assert members.find(OTHER)


def test_nobody_is_forgotten_where_something_else_changes() -> None:
    members = known()

    members.forget({"event:5", "host:5", "user:50", "user:None"})

    assert members.find(KEY)
    assert members.find(OTHER)


def test_all_can_be_forgotten() -> None:
    members = known()

    members.forget_all()

    assert not members.find(KEY)
    assert not members.find(OTHER)


def test_member_is_believed_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BELIEVED", -1)

    assert known().find(KEY) is None


def test_most_recently_seen_members_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    members = known()
    members.remember(KEY, 5, {})
    members.remember("c" * 32, 7, {})

    assert members.find(KEY)
    assert members.find(OTHER) is None


def test_who_is_not_believed_any_longer_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    members = known()
    later = time.monotonic() + module.BELIEVED + 1
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: later))

    members.remember("c" * 32, 7, {})

    assert list(members._members) == ["c" * 32]


def test_key_that_no_session_has_takes_no_memory() -> None:
    members = Members()
    members.remember("a" * (LONGEST_KEY + 1), None, {})

    assert not members._members


def test_fact_that_holds_for_very_many_is_left_to_the_database() -> None:
    members = Members()
    members.remember(KEY, 5, {"favorites": range(MOST_NUMBERS + 1), "follows": {1}})
    member = members.find(KEY)

    assert member
    assert member.facts == {"follows": {1}}


def test_token_of_a_member_is_that_of_their_cookie() -> None:
    member = known().find(KEY)
    assert member

    token = member.token_for(SECRET)

    assert token == member.token_for(SECRET)
    assert _does_token_match(token.decode(), SECRET)
    assert SECRET.encode() not in token
    assert _does_token_match(member.token_for("t" * 32).decode(), "t" * 32)
