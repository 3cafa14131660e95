"""The short form of `make chaos`: less load and shorter outages, on one site for each file."""

from collections.abc import Iterator

import pytest

from eventmate.embedded import redis
from loadtests.chaos.stage import Stage, staged


@pytest.fixture(scope="module")
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """A site of its own, as the file's SETTING says."""
    if redis.program() is None:
        pytest.skip("no redis-server on this machine")
    with staged(request.module.SETTING) as started:
        yield started
