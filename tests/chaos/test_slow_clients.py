"""Clients that send and read as slowly as they can, beside visitors (slowhttptest)."""

import os
import shutil

import pytest

from loadtests.chaos.scenarios import slow_clients
from tests.chaos.short import broken

SETTING = slow_clients.SETTING


@pytest.fixture(scope="module", autouse=True)
def program() -> None:
    if shutil.which(slow_clients.PROGRAM) is None:
        reason = f"no {slow_clients.PROGRAM} on this machine"
        if os.environ.get("EVENTMATE_REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


def test_thousand_slow_clients_leave_visitors_their_answers(stage):
    assert broken(stage, "slow-clients") == []
