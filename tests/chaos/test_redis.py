"""Redis killed, hung and crowded: in short what `make chaos` does."""

import pytest

from loadtests.chaos.scenario import Setting
from loadtests.chaos.stage import Stage
from tests.chaos.short import broken

SETTING = Setting()

pytestmark = pytest.mark.timeout(300)


def test_nobody_is_logged_out_and_no_page_fails_while_redis_is_gone(stage: Stage) -> None:
    assert broken(stage, "redis-killed") == []


def test_few_requests_wait_for_a_redis_that_hangs(stage: Stage) -> None:
    assert broken(stage, "redis-hung") == []


def test_log_out_while_redis_hangs_stays_a_log_out(stage: Stage) -> None:
    assert broken(stage, "redis-log-out") == []


def test_more_clients_than_connections_to_redis_cause_no_errors_of_its_pools(
    stage: Stage,
) -> None:
    assert broken(stage, "redis-crowd") == []
