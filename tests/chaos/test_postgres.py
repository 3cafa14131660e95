"""PostgreSQL restarted, down and hung: in short what `make chaos` does."""

import pytest

from loadtests.chaos.scenario import Setting
from loadtests.chaos.stage import Stage
from tests.chaos.short import broken

SETTING = Setting()

pytestmark = pytest.mark.timeout(300)


def test_restart_costs_at_most_the_requests_in_flight(stage: Stage) -> None:
    assert broken(stage, "postgres-restarted") == []


def test_without_postgresql_pages_seen_before_are_served_and_others_refused(stage: Stage) -> None:
    assert broken(stage, "postgres-down") == []


def test_requests_are_answered_while_postgresql_hangs(stage: Stage) -> None:
    assert broken(stage, "postgres-hung") == []
