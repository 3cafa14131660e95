import pytest

from events.search import facets, finding
from events.search.facet_store import build_facet_index, facet_index
from tests.events.importing.conftest import import_file  # noqa: F401  # a fixture
from tests.events.search.made import make_events

NUMBER = 60


@pytest.fixture
def small_site():
    make_events(NUMBER)


@pytest.fixture
def large_site(monkeypatch):
    """As if there were too many events for PostgreSQL to count."""
    make_events(NUMBER)
    monkeypatch.setattr(facets, "MOST_COUNTED", 10)
    monkeypatch.setattr("events.search.facet_store.MOST_COUNTED", 10)
    assert build_facet_index()
    assert facet_index()


@pytest.fixture
def very_large_site(large_site, monkeypatch):
    """As if so many matched that a walk of the orders in memory finds the next."""
    monkeypatch.setattr(finding, "FEW", 5)
