import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from prometheus_client import Counter
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families

from eventmate import __version__
from eventmate.embedded.paths import REPOSITORY
from eventmate.metrics.registry import Registry
from health import checks, figures
from health.probe import Probe
from tests.health import job_rows
from tests.health.faults import closed_port, postgres_at

ALWAYS = {"eventmate_build_info", "eventmate_database_up"}
# What the web workers count.
OF_PROCESSES = tuple(
    f"eventmate_{name}"
    for name in (
        *("requests", "request_", "pool", "web", "cache_", "database_quer", "rate_limit"),
        *("bookings_", "pages_"),
    )
)


class Posters:
    """What an app would register."""

    def collect(self) -> Iterator[Metric]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 41 + 1")
            yield GaugeMetricFamily("eventmate_posters", "Posters.", value=cursor.fetchone()[0])


class Broken:
    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("eventmate_half", "What came before the failure.", value=1)
        raise OperationalError("canceling statement\ndue to statement timeout")


class Undemanding:
    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("eventmate_asked", "That this was asked.", value=1)


def scrape(client: Client, **headers: str) -> dict[str, float]:
    response = client.get("/metrics/", headers=headers)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    return {
        sample.name + "".join(f",{key}={value}" for key, value in sorted(sample.labels.items())): (
            sample.value
        )
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


@pytest.mark.usefixtures("visible_jobs")
def test_tells_of_the_services_and_the_jobs(client: Client, settings: Any, redis_url: str) -> None:
    settings.REDIS_URL = redis_url
    job_rows.under_way(by=job_rows.worker(silent_for=2))
    job_rows.queued()
    job_rows.stalled()
    job_rows.failed()

    told = scrape(client)

    assert told["eventmate_database_up"] == told["eventmate_cache_up"] == 1
    assert told["eventmate_jobs,status=todo"] == told["eventmate_jobs,status=failed"] == 1
    assert told["eventmate_jobs,status=doing"] == 2
    assert told["eventmate_jobs,status=aborted"] == 0
    assert told["eventmate_jobs_stalled"] == told["eventmate_job_workers"] == 1
    assert 0 <= told["eventmate_jobs_oldest_due_seconds"] < 20
    assert 2 <= told["eventmate_job_worker_heartbeat_age_seconds"] < 20
    assert 0 < told["eventmate_database_round_trip_seconds"] < 10
    assert 0 < told["eventmate_database_connections"] <= told["eventmate_database_max_connections"]
    (build,) = [name for name in told if name.startswith("eventmate_build_info")]
    assert f"version={__version__}" in build


@pytest.mark.usefixtures("visible_jobs")
def test_site_without_redis_and_worker_says_nothing_of_them(client: Client, settings: Any) -> None:
    settings.REDIS_URL = ""

    told = scrape(client)

    assert "eventmate_cache_up" not in told
    assert "eventmate_job_worker_heartbeat_age_seconds" not in told
    assert told["eventmate_job_workers"] == told["eventmate_jobs_oldest_due_seconds"] == 0


def test_nothing_of_the_one_worker_process_that_was_asked(client: Client) -> None:
    Counter("of_this_process", "In the registry that the library has by default.").inc()

    assert all(name.startswith("eventmate_") for name in scrape(client))


def test_format_is_the_one_that_prometheus_asks_for(client: Client) -> None:
    openmetrics = "application/openmetrics-text; version=1.0.0"

    plain, open_ = (client.get("/metrics/", headers={"accept": it}) for it in ("", openmetrics))

    assert plain["Content-Type"].startswith("text/plain; version=0.0.4")
    assert open_["Content-Type"].startswith(openmetrics)
    assert open_.text.endswith("# EOF\n")


@pytest.mark.django_db
def test_tells_what_an_app_has_registered(client: Client, registry: Registry) -> None:
    registry.register(Posters())

    assert scrape(client)["eventmate_posters"] == 42


@pytest.mark.django_db
def test_collector_that_fails_costs_what_it_tells_and_no_more(
    client: Client, registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    registry.register(Broken())
    registry.register(Posters())

    told = scrape(client)

    assert told["eventmate_posters"] == 42
    assert told["eventmate_database_up"] == 1
    assert "eventmate_half" not in told
    assert "Broken: canceling statement due to statement timeout" in caplog.text


def test_postgres_that_is_down_is_told_with_what_is_known(
    client: Client, registry: Registry, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.REDIS_URL = ""
    registry.register(Undemanding())
    assert scrape(client)["eventmate_asked"] == 1

    # A result of a moment ago would serve as well.
    monkeypatch.setattr(checks, "database", Probe(checks.postgres_answers, patience=1))
    monkeypatch.setattr(figures, "database", Probe(figures.read_database, patience=1))
    with closed_port() as port:
        postgres_at(monkeypatch, port)
        told = scrape(client)

    assert told["eventmate_database_up"] == 0
    of_site = {name.partition(",")[0] for name in told if not name.startswith(OF_PROCESSES)}
    assert of_site == ALWAYS


def test_alerts_speak_of_metrics_that_there_are() -> None:
    rules = (REPOSITORY / "docs" / "prometheus-alerts.yml").read_text()
    names = set(re.findall(r"\beventmate_\w+", rules))
    sources = [
        *(REPOSITORY / "eventmate" / "metrics").glob("*.py"),
        *REPOSITORY.glob("*/metrics.py"),
    ]
    code = "".join(source.read_text() for source in sources)

    assert len(names) > 10
    for name in names:
        # What the format adds to a counter and to a histogram.
        assert f'"{name.removesuffix("_total").removesuffix("_bucket")}"' in code


def test_answers_monitors_that_ask_by_address(client: Client) -> None:
    assert scrape(client, host="10.1.2.3:8000")["eventmate_database_up"] == 1
