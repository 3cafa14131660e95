"""All connections in use: in short what `make chaos` does."""

import pytest

from loadtests.chaos.scenarios import pool_exhausted
from loadtests.chaos.stage import Stage
from tests.chaos.short import broken

SETTING = pool_exhausted.SETTING

pytestmark = pytest.mark.timeout(300)


def test_requests_that_find_no_connection_are_refused_and_none_hangs(stage: Stage) -> None:
    assert broken(stage, "pool-exhausted") == []
