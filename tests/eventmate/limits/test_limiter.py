"""One process's limiter, and several on one Redis, with a clock that stands until it is moved."""

import itertools
import threading
import time
from collections.abc import Sequence
from uuid import uuid4

import pytest
from redis import RedisError

from eventmate.limits.limiter import PAUSE, Limiter
from eventmate.limits.rates import parse_rates
from eventmate.limits.redis_counts import Increment, RedisCounts
from eventmate.limits.windows import window_end

pytestmark = pytest.mark.usefixtures("redis_url")

# Seconds. A machine that stands still for a while is no Redis that does not say.
PATIENCE = 10.0
HELD = PATIENCE / 2


class Clock:
    # Long before the end of any of the windows here, of which each client has other ones.
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client() -> str:
    """One whose windows end long after a test has moved the clock by some minutes."""
    made = (f"address {uuid4()}" for _ in itertools.count())
    return next(one for one in made if window_end(one, 3600, Clock.now) - Clock.now > 600)


class CutOff:
    """Redis behind a line that can be cut or held, and that counts what goes over it. A trip takes
    so many seconds at least; who waits for one that is held waits for HELD seconds.
    """

    def __init__(self, *, seconds: float = 0.0) -> None:
        self.is_cut = False
        self.is_free = threading.Event()
        self.is_free.set()
        self.trips = 0
        self._seconds = seconds
        self._counts = RedisCounts()

    def add(self, increments: Sequence[Increment]) -> list[int]:
        self.is_free.wait(HELD)
        self.trips += 1
        if self.is_cut:
            raise RedisError("The line is cut.")
        time.sleep(self._seconds)
        return self._counts.add(increments)


def limiter(rates: str, clock: Clock, counts: CutOff | None = None, **kwargs) -> Limiter:
    of_pages = {"pages": parse_rates("X", rates)}
    return Limiter(of_pages, counts=counts, patience=PATIENCE, clock=clock, **kwargs)


def passed(limiters: Sequence[Limiter], client: str, *, times: int, threads: int = 1) -> int:
    """How many of so many requests to each limiter are let through."""
    results: list[bool] = []

    def ask(one: Limiter) -> None:
        results.extend(not one.take("pages", client).refused for _ in range(times // threads))

    asking = [threading.Thread(target=ask, args=(one,)) for one in limiters for _ in range(threads)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return sum(results)


def let_it_send(one: Limiter) -> None:
    """Return when it has sent all that is to be sent."""
    while one._sender_runs:
        time.sleep(0.01)


def test_alone_it_lets_just_the_limit_through_in_each_window(clock: Clock, client: str) -> None:
    one = limiter("10/m", clock)
    for _ in range(3):
        assert passed([one], client, times=25) == 10
        clock.now += 60


def test_one_client_does_not_use_up_what_is_anothers(clock: Clock, client: str) -> None:
    one = limiter("10/m", clock)
    assert passed([one], client, times=25) == 10
    assert passed([one], f"{client}0", times=25) == 10


def test_longer_window_holds_beside_the_shorter(clock: Clock, client: str) -> None:
    one = limiter("10/m,25/h", clock)
    through = []
    for _ in range(4):
        through.append(passed([one], client, times=50))
        clock.now += 60
    # What the minute refused has not used up the hour.
    assert through == [10, 10, 5, 0]


def test_usage_is_that_of_the_tightest_window(clock: Clock, client: str) -> None:
    one = limiter("10/m,12/h", clock)
    first = one.take("pages", client)
    assert (first.rate.seconds, first.used, first.remaining) == (60, 1, 9)
    assert first.end - clock.now <= first.reset <= 60
    passed([one], client, times=9)
    clock.now += 60

    second = one.take("pages", client)

    assert (second.rate.seconds, second.used, second.remaining) == (3600, 11, 1)


def test_workers_together_stay_within_a_tenth_and_alone_they_do_not(
    clock: Clock, client: str
) -> None:
    apart = [limiter("100/h", clock) for _ in range(4)]
    assert passed(apart, client, times=200, threads=4) == 400

    together = [limiter("100/h", clock, CutOff(), workers=4) for _ in range(4)]
    assert 100 <= passed(together, client, times=200, threads=4) <= 110
    assert passed(together, client, times=20) == 0


def test_worker_that_hears_last_lets_no_more_than_its_share_through(
    clock: Clock, client: str
) -> None:
    first, last = (limiter("100/h", clock, CutOff(), workers=2) for _ in range(2))
    assert passed([last], client, times=3) == 3
    let_it_send(last)

    assert passed([first], client, times=200) == 97
    assert passed([last], client, times=200) <= 5


def test_many_workers_ask_before_each_request(clock: Clock, client: str) -> None:
    workers = [limiter("100/h", clock, CutOff(), workers=40) for _ in range(6)]

    assert passed(workers, client, times=40, threads=4) == 100


def test_visitor_far_from_the_limit_waits_for_nothing(clock: Clock, client: str) -> None:
    counts = CutOff()
    one = limiter("100/m,1000/h", clock, counts, workers=5)

    one.take("pages", client)
    let_it_send(one)
    assert counts.trips == 0

    # All of the worker's share, of which the others should hear.
    counts.is_free.clear()
    one.take("pages", client)
    assert counts.trips == 0
    counts.is_free.set()
    let_it_send(one)
    assert counts.trips == 1


def test_refusals_ask_nobody(clock: Clock, client: str) -> None:
    counts = CutOff()
    one = limiter("100/m", clock, counts)
    assert passed([one], client, times=101) == 100
    trips = counts.trips

    assert passed([one], client, times=1000) == 0
    assert counts.trips <= trips + 1


def test_requests_that_wait_share_a_trip(clock: Clock, client: str) -> None:
    counts = CutOff(seconds=0.01)
    one = limiter("1000/h", clock, counts, workers=200)

    assert passed([one], client, times=200, threads=50) == 200
    assert counts.trips < 150


def test_without_redis_each_worker_counts_and_tells_when_it_is_back(
    clock: Clock, client: str
) -> None:
    counts = CutOff()
    one = limiter("100/h", clock, counts, workers=2)
    passed([one], client, times=10)
    counts.is_cut = True

    assert passed([one], client, times=70) == 70
    assert counts.trips < 20

    counts.is_cut = False
    clock.now += PAUSE
    passed([one], client, times=1)
    let_it_send(one)
    other = limiter("100/h", clock, CutOff(), workers=2)
    # Nothing that was counted meanwhile is lost.
    assert passed([other], client, times=100) <= 19 + 5


def test_number_of_clients_is_bounded_and_who_asks_often_is_kept(clock: Clock, client: str) -> None:
    one = limiter("10/m", clock, clients=100)
    for number in range(500):
        assert not one.take("pages", f"{client} {number}").refused
        one.take("pages", client)

    assert len(one._clients) <= 100
    assert one.take("pages", client).refused


def test_clients_whose_windows_have_ended_are_forgotten(clock: Clock, client: str) -> None:
    one = limiter("10/m", clock)
    for number in range(200):
        one.take("pages", f"{client} {number}")
    clock.now += 120
    for number in range(200):
        one.take("pages", f"{client} later {number}")

    assert len(one._clients) <= 201
