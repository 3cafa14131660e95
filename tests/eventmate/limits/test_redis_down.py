"""Limits while Redis is killed, and when it is back."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventmate.embedded import redis
from eventmate.embedded.process import Process
from loadtests.site import LiveSite
from tests.eventmate.limits.asking import Form, ask, passed, statuses
from tests.eventmate.limits.test_over_workers import WORKERS, from_address, limited_site

pytestmark = [pytest.mark.usefixtures("redis_url"), pytest.mark.timeout(300)]

LOGIN = Form("/accounts/login/")


@pytest.fixture
def server(service_folder: Path) -> Iterator[Process]:
    process = redis.start(service_folder)
    yield process
    process.stop(redis.STOP_TIMEOUT)


@pytest.fixture
def site(
    live_database_url: str, server: Process, service_folder: Path, tmp_path: Path
) -> Iterator[LiveSite]:
    url = redis.url(redis.socket_path(service_folder))
    with limited_site(live_database_url, tmp_path, {"REDIS_URL": url}) as running:
        yield running


def test_without_redis_limits_hold_within_a_factor_of_the_workers(
    site: LiveSite, server: Process, service_folder: Path
) -> None:
    visitor = from_address("192.0.2.1")
    assert passed(statuses(lambda _: ask(site, headers=visitor), times=50)) == 50

    server.stop(0)
    pages = passed(statuses(lambda _: ask(site, headers=visitor), times=1000))
    forms = passed(statuses(lambda _: ask(site, form=LOGIN, headers=visitor), times=1000))
    assert 50 <= pages <= WORKERS * 100
    assert 100 <= forms <= WORKERS * 100

    again = redis.start(service_folder)
    try:
        assert_counted_together_within(site, seconds=30)
    finally:
        again.stop(redis.STOP_TIMEOUT)


def assert_counted_together_within(site: LiveSite, *, seconds: float) -> None:
    """A new visitor each time, who may use up the limit once."""
    deadline = time.monotonic() + seconds
    number = 0
    while True:
        number += 1
        visitor = from_address(f"198.51.100.{number}")
        answered = statuses(lambda _, visitor=visitor: ask(site, headers=visitor), times=300)
        if passed(answered) <= 110:
            return
        assert time.monotonic() < deadline, answered
