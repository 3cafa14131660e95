"""What /health/detailed/ says of the web workers."""

import json
import os
from typing import Any

import pytest
from django.test import Client

from eventmate.metrics.instruments import BREAKERS_OPEN
from loadtests.site import LiveSite
from tests.eventmate.metrics.scrape import get, scrape_until
from tests.health import job_rows


def is_complete(values: dict[str, float]) -> bool:
    """Both workers have started, and one has used its pool."""
    return (
        values["eventmate_web_workers"] == 2
        and values.get("eventmate_pool_connections,free", 0) > 0
    )


def report(client: Client) -> dict[str, Any]:
    return client.get("/health/detailed/").json()


def test_tells_of_the_web_workers(client: Client) -> None:
    web = report(client)["web"]

    assert (web["status"], web["workers"]) == ("ok", 1)
    assert web["memory_bytes"] >= web["this_worker"]["memory_bytes"] / 2 > 10**6
    assert web["requests_in_flight"] == 1
    assert web["this_worker"]["pid"] == os.getpid()
    # The tests have none.
    assert web["this_worker"]["pool"] is None


@pytest.mark.usefixtures("visible_jobs")
def test_worker_that_has_given_redis_up_is_told(client: Client) -> None:
    job_rows.worker()
    BREAKERS_OPEN.labels("default").set(1)
    told = report(client)
    BREAKERS_OPEN.clear()

    assert (told["status"], told["web"]["status"]) == ("degraded", "degraded")
    assert told["web"]["cache_breakers_open"] == 1


def test_pools_of_all_workers_are_told_and_that_of_the_one_that_answers(
    live_site: LiveSite,
) -> None:
    get(live_site.url, "/")
    scrape_until(live_site.url, is_complete)

    web = json.loads(get(live_site.url, "/health/detailed/"))["web"]

    assert web["workers"] == 2
    assert web["pool"]["max"] == 2 * web["this_worker"]["pool"]["max"]
    assert web["pool"]["free"] + web["pool"]["used"] > 0
