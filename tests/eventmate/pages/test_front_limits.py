"""The front counts the requests that it answers, for their address and their account."""

import time

import pytest

from eventmate.limits.clients import Client
from eventmate.limits.limiter import Limiter
from eventmate.limits.rates import parse_rates
from eventmate.pages import front
from eventmate.pages.members import Member
from tests.eventmate.pages.made import page

SCOPE, LIMIT = "default", 5
FROM = {"REMOTE_ADDR": "192.0.2.7"}
ACCOUNT, ADDRESS = Client("account", "5"), Client("address", "192.0.2.7")


@pytest.fixture
def limiter(monkeypatch: pytest.MonkeyPatch, settings) -> Limiter:
    settings.RATE_LIMIT_ENABLED = True
    # A clock that stands, so that no window ends meanwhile.
    limiter = Limiter({SCOPE: parse_rates("X", f"{LIMIT}/h")}, counts=None, clock=lambda: 1e9)
    monkeypatch.setattr(front, "site_limiter", lambda: limiter)
    return limiter


def is_let_through(member: Member) -> bool:
    return front.take(FROM, page("/", scope=SCOPE), member) is not None


def use_up(limiter: Limiter, client: Client) -> None:
    while not limiter.take(SCOPE, client.key).refused:
        pass


@pytest.fixture
def member() -> Member:
    return Member(5, time.monotonic() + 60)


@pytest.mark.parametrize(("over", "other"), [(ACCOUNT, ADDRESS), (ADDRESS, ACCOUNT)])
def test_request_that_one_limit_refuses_uses_up_nothing_of_the_other(
    limiter: Limiter, member: Member, over: Client, other: Client
) -> None:
    use_up(limiter, over)

    assert not any(is_let_through(member) for _ in range(2 * LIMIT))

    left = [not limiter.take(SCOPE, other.key).refused for _ in range(LIMIT + 1)]
    assert left == [True] * LIMIT + [False]


def test_request_of_a_member_counts_for_both(limiter: Limiter, member: Member) -> None:
    assert [is_let_through(member) for _ in range(LIMIT + 1)] == [True] * LIMIT + [False]
    assert limiter.take(SCOPE, ADDRESS.key).refused
    assert limiter.take(SCOPE, ACCOUNT.key).refused
