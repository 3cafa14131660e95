from types import SimpleNamespace

import pytest

from tests import stopwatch


class Clock(SimpleNamespace):
    """Stands still but for what the test says has passed and was computed."""

    passed = computed = 100.0

    def monotonic(self) -> float:
        return self.passed

    def process_time(self) -> float:
        return self.computed


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(stopwatch, "time", clock)
    return clock


@pytest.mark.parametrize(
    ("passed", "computed", "counted"),
    [(0.03, 0.0, 0.03), (0.03, 0.02, 0.01), (0.03, 0.06, 0.0), (60.0, 0.0, stopwatch.LONGEST)],
    ids=["waited", "computed", "in two threads", "machine stood still"],
)
def test_counts_what_was_waited_for(
    clock: Clock, passed: float, computed: float, counted: float
) -> None:
    watch = stopwatch.Stopwatch()
    with watch:
        clock.computed += computed
        clock.passed += passed
        watch.look()

    assert watch.seconds == pytest.approx(counted)
