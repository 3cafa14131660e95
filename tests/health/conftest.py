import pytest

from health import checks
from health.probe import Probe


@pytest.fixture(autouse=True)
def fresh_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No result of an earlier test is taken for this one's."""
    for name, check, patience in [
        ("database", checks.postgres_answers, checks.DATABASE_PATIENCE),
        ("cache", checks.redis_answers, checks.CACHE_PATIENCE),
    ]:
        monkeypatch.setattr(checks, name, Probe(check, patience))
