"""What one worker has counted is told by all, and stays when it ends. With real Gunicorn."""

import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from loadtests.site import LiveSite, serving
from tests.eventmate.machine import wait_until
from tests.eventmate.metrics.scrape import get, scrape, scrape_until

LIVE = "eventmate_requests_total,GET,health:live,200"
TIMED = "eventmate_request_seconds_count,GET,health:live"


@pytest.fixture(scope="module")
def site(live_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with serving(live_database_url, tmp_path_factory.mktemp("metrics-site")) as site:
        scrape_until(site.url, both_workers)
        yield site


def both_workers(values: dict[str, float]) -> bool:
    return values["eventmate_web_workers"] == 2


def pids(site: LiveSite) -> set[int]:
    return {worker.pid for worker in site.workers()}


def folder_of(site: LiveSite) -> Path:
    """Where the workers count: the files are open."""
    files = [Path(file.path) for worker in site.workers() for file in worker.open_files()]
    return next(file.parent for file in files if file.name.startswith("counter_"))


def test_counts_are_those_of_all_workers_and_stay_when_workers_are_replaced(
    site: LiveSite,
) -> None:
    earlier, before, sent = site.workers(), scrape_until(site.url, both_workers), 0

    for worker in earlier:
        worker.terminate()  # it ends as after its last request (GUNICORN_MAX_REQUESTS)
        deadline = time.monotonic() + 60
        while worker.pid in pids(site):
            assert time.monotonic() < deadline
            for _ in range(5):
                get(site.url, "/health/live/")
                sent += 1
            told = scrape(site.url)
            assert (told[LIVE] - before[LIVE], told[TIMED] - before[TIMED]) == (sent, sent)

    def kept() -> set[str]:
        return {file.name.rpartition("_")[2] for file in folder_of(site).glob("*.db")}

    now = scrape_until(site.url, both_workers)
    assert now[LIVE] - before[LIVE] == sent
    assert kept() == {"archive.db"} | {f"{pid}.db" for pid in pids(site)}


def test_gauges_of_a_killed_worker_vanish_and_its_counts_stay(site: LiveSite) -> None:
    before = scrape_until(site.url, both_workers)
    address = site.url.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1]))) as visitor:
        visitor.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        # The form that never comes, and the scrape itself.
        scrape_until(site.url, lambda values: values["eventmate_requests_in_flight"] == 2)
        killed = site.workers()
        for worker in killed:
            worker.kill()
        psutil.wait_procs(killed, timeout=10)
        after = scrape_until(site.url, both_workers)

    assert after["eventmate_requests_in_flight"] == 1
    assert after[LIVE] >= before[LIVE]
    assert after["eventmate_web_open_fds"] > 0


def test_reload_loses_nothing(site: LiveSite) -> None:
    before, first = scrape(site.url), pids(site)
    os.kill(site.web.pid, signal.SIGHUP)
    wait_until(lambda: len(pids(site)) == 2 and not first & pids(site))

    get(site.url, "/health/live/")

    assert scrape(site.url)[LIVE] == before[LIVE] + 1


def test_workers_tell_of_themselves_without_being_asked_for_pages(site: LiveSite) -> None:
    get(site.url, "/")
    told = scrape_until(
        site.url, lambda values: values.get("eventmate_pool_connections,free", 0) > 0
    )

    assert told["eventmate_pool_max_connections"] >= 1
    assert told["eventmate_pool_waiting"] == 0
    memory = told["eventmate_web_resident_memory_bytes"]
    assert memory >= told["eventmate_web_largest_worker_resident_memory_bytes"] > 10**7
    start = told["eventmate_web_newest_worker_start_time_seconds"]
    assert time.time() - 600 < start < time.time() + 1


def test_format_is_what_prometheus_wants(site: LiveSite) -> None:
    get(site.url, "/health/live/")
    text = get(site.url, "/metrics/", Accept="application/openmetrics-text; version=1.0.0")

    # This parser refuses what the standard forbids, such as a family in two pieces.
    families = {family.name: family for family in text_string_to_metric_families(text)}

    assert {"eventmate_requests", "eventmate_request_seconds"} <= families.keys()
    for name, family in families.items():
        assert name.startswith("eventmate_")
        assert family.documentation.endswith("."), name


def test_site_lives_on_where_somebody_clears_its_files_away(
    live_database_url: str, tmp_path: Path
) -> None:
    with serving(live_database_url, tmp_path) as site:
        scrape_until(site.url, both_workers)
        folder = folder_of(site)
        shutil.rmtree(folder)
        for path in ("/", "/health/live/", "/metrics/", "/health/detailed/"):
            get(site.url, path)
        for worker in site.workers():
            worker.kill()
        site.wait_until_live()
        assert scrape_until(site.url, both_workers)[LIVE] >= 1
        assert folder.stat().st_mode & 0o077 == 0

    assert not folder.exists()
