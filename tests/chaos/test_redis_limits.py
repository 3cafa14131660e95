"""Limits without the Redis that counts for all workers: in short what `make chaos` does."""

import pytest

from loadtests.chaos.scenarios import redis_limits
from loadtests.chaos.stage import Stage
from tests.chaos.short import broken

SETTING = redis_limits.SETTING

pytestmark = pytest.mark.timeout(300)


def test_limits_hold_for_each_worker_while_redis_is_gone(stage: Stage) -> None:
    assert broken(stage, "redis-killed-limits") == []
