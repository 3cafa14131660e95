from collections.abc import Iterator

import pytest

from eventmate.metrics.instruments import BREAKERS_OPEN
from eventmate.metrics.registry import Registry
from health import checks, connections, figures, metrics
from health.probe import Probe
from tests.health import job_rows


@pytest.fixture(autouse=True)
def fresh_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No result of an earlier test is taken for this one's."""
    renew_probes(monkeypatch)


@pytest.fixture(autouse=True)
def closed_breakers() -> None:
    """Other tests of this process leave theirs open, of a Redis that is gone for good."""
    BREAKERS_OPEN.clear()


@pytest.fixture
def patient_probes(fresh_probes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is well is so on a machine that stands still for a while, too."""
    renew_probes(monkeypatch, times=20)


@pytest.fixture
def endless_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of a PostgreSQL that never answers hangs as long as the test, however slow that is:
    one that gives up is made anew for the next to ask.
    """
    monkeypatch.setattr(connections, "DATABASE_CONNECT_TIMEOUT", 600)


def renew_probes(monkeypatch: pytest.MonkeyPatch, *, times: int = 1) -> None:
    for module, name, check, patience in [
        (checks, "database", checks.postgres_answers, checks.DATABASE_PATIENCE),
        (checks, "cache", checks.redis_answers, checks.CACHE_PATIENCE),
        (figures, "database", figures.read_database, figures.DATABASE_PATIENCE),
        (figures, "cache", figures.read_cache, checks.DATABASE_PATIENCE),
    ]:
        monkeypatch.setattr(module, name, Probe(check, times * patience))


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """With nothing in it but what a test registers: other collectors read the database."""
    registry = Registry()
    monkeypatch.setattr(metrics, "REGISTRY", registry)
    return registry


@pytest.fixture
def visible_jobs(transactional_db: None) -> Iterator[None]:
    """Jobs that this test writes can be seen on other connections, and there are no others."""
    # Django empties its own tables only.
    job_rows.clear()
    yield
    job_rows.clear()
