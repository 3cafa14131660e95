from collections.abc import Iterator

import pytest

from eventmate.metrics.instruments import BREAKERS_OPEN
from eventmate.metrics.registry import Registry
from health import checks, connections, figures, metrics
from health.probe import Probe
from tests.health import job_rows

# As the site has them.
PROBES = {
    (module, name): getattr(module, name)
    for module in (checks, figures)
    for name in ("database", "cache")
}
PATIENT = 20  # seconds


@pytest.fixture(autouse=True)
def patient_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is well is so on a machine that stands still for a while, too; and no result of an
    earlier test is taken for this one's.
    """
    monkeypatch.setattr(connections, "CACHE_PATIENCE", PATIENT)
    monkeypatch.setattr(connections, "DATABASE_CONNECT_TIMEOUT", PATIENT)
    monkeypatch.setattr(connections, "DEADLINES", f"-c statement_timeout={PATIENT}s")
    for (module, name), probe in PROBES.items():
        monkeypatch.setattr(module, name, Probe(probe._check, PATIENT))


@pytest.fixture
def impatient_of_postgres(patient_probes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that hangs is given up when the site gives it up."""
    renew_as_they_are(monkeypatch, "database")


@pytest.fixture
def impatient_of_redis(patient_probes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of Redis."""
    renew_as_they_are(monkeypatch, "cache")


def renew_as_they_are(monkeypatch: pytest.MonkeyPatch, service: str) -> None:
    for (module, name), probe in PROBES.items():
        if name == service:
            monkeypatch.setattr(module, name, Probe(probe._check, probe._patience))


@pytest.fixture(autouse=True)
def closed_breakers() -> None:
    """Other tests of this process leave theirs open, of a Redis that is gone for good."""
    BREAKERS_OPEN.clear()


@pytest.fixture
def endless_connecting(patient_probes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of a PostgreSQL that never answers hangs as long as the test, however slow that is:
    one that gives up is made anew for the next to ask.
    """
    monkeypatch.setattr(connections, "DATABASE_CONNECT_TIMEOUT", 600)


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
