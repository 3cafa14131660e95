import os
import signal
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client

from eventmate.embedded import redis
from health import probe as probes
from health.probe import FRESH_FOR, Probe
from tests.health.conftest import PATIENT
from tests.health.faults import closed_port, postgres_at, silent_port
from tests.stopwatch import Stopwatch

# One second is the promise; the rest is for a busy machine.
IN_TIME = 2.0


def test_ready_when_everything_answers(client: Client, settings, redis_url: str) -> None:
    settings.REDIS_URL = redis_url

    response = client.get("/health/ready/")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "cache": "ok"}


def test_ready_without_redis_by_choice(client: Client, settings) -> None:
    settings.REDIS_URL = ""

    response = client.get("/health/ready/")

    assert response.status_code == 200
    assert response.json()["cache"] == "memory"


@pytest.mark.parametrize("path", ["/health/", "/health/ready/"])
def test_not_ready_when_postgres_refuses(client: Client, monkeypatch, settings, path) -> None:
    settings.REDIS_URL = ""
    with closed_port() as port:
        postgres_at(monkeypatch, port)
        response = client.get(path)

    assert response.status_code == 503
    assert response.json()["status"] == "unavailable"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("impatient_of_postgres")
def test_not_ready_within_a_second_when_postgres_never_answers(client, monkeypatch) -> None:
    with silent_port() as (port, _):
        postgres_at(monkeypatch, port)
        with Stopwatch() as watch:
            response = client.get("/health/ready/")

    assert response.status_code == 503
    assert response.json()["database"] == "unavailable"
    assert watch.seconds < IN_TIME


@pytest.mark.usefixtures("impatient_of_postgres", "endless_connecting")
def test_hung_checks_do_not_pile_up(monkeypatch) -> None:
    statuses: list[int] = []

    def ask() -> None:
        statuses.append(Client().get("/health/ready/").status_code)

    with silent_port() as (port, accepted):
        postgres_at(monkeypatch, port)
        askers = [threading.Thread(target=ask) for _ in range(20)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        with Stopwatch() as watch:
            ask()

    assert statuses == [503] * 21
    assert len(accepted) == 1
    # Whoever comes while it hangs does not wait for it once more.
    assert watch.seconds < 1


def test_ready_again_once_postgres_answers_again(client: Client, monkeypatch) -> None:
    with closed_port() as port, monkeypatch.context() as down:
        postgres_at(down, port)
        assert client.get("/health/ready/").status_code == 503

    time.sleep(FRESH_FOR)

    assert client.get("/health/ready/").status_code == 200


def test_failure_tells_the_log_and_not_the_visitor(client, monkeypatch, caplog) -> None:
    with closed_port() as port:
        postgres_at(monkeypatch, port)
        response = client.get("/health/ready/")

    assert str(port) in caplog.text
    assert "\n" not in caplog.records[0].getMessage()
    assert str(port) not in response.text


def test_killed_redis_is_degraded_and_ready(client: Client, settings, tmp_path: Path) -> None:
    settings.REDIS_URL = redis.url(tmp_path / redis.SOCKET)

    response = client.get("/health/ready/")

    assert response.status_code == 200
    assert response.json() == {"status": "degraded", "database": "ok", "cache": "degraded"}


@pytest.mark.usefixtures("impatient_of_redis", "redis_url")
def test_hung_redis_is_degraded_and_ready_at_once(client, settings, tmp_path: Path) -> None:
    server = redis.start(tmp_path)
    try:
        settings.REDIS_URL = redis.url(redis.socket_path(tmp_path))
        os.kill(server.pid, signal.SIGSTOP)
        with Stopwatch() as watch:
            response = client.get("/health/ready/")
        os.kill(server.pid, signal.SIGCONT)
    finally:
        server.stop(redis.STOP_TIMEOUT)

    assert response.status_code == 200
    assert response.json()["cache"] == "degraded"
    assert watch.seconds < IN_TIME


def test_result_serves_everyone_for_a_second_and_no_longer(monkeypatch) -> None:
    now, runs = 100.0, 0
    monkeypatch.setattr(probes, "time", SimpleNamespace(monotonic=lambda: now))

    def check() -> bool:
        nonlocal runs
        runs += 1
        return True

    probe = Probe(check, patience=PATIENT)
    assert probe.begin().result()
    now += FRESH_FOR
    assert all(probe.begin().result() for _ in range(5))
    assert runs == 1
    now += 0.01
    assert probe.begin().result()
    assert runs == 2


def test_success_after_the_deadline_is_a_failure() -> None:
    release = threading.Event()
    probe = Probe(lambda: release.wait(10), patience=0.05)

    late = probe.begin()
    assert not late.result()
    release.set()

    assert late._over.wait(10)
    assert not late.result()
