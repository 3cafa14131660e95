from collections.abc import Iterable
from itertools import accumulate


def falling(count: int, *, shift: float, power: float) -> list[float]:
    """Cumulative weights like those of Zipf's law: the first are met most. A higher ``shift``
    makes the first ones more alike, a higher ``power`` the last ones rarer.
    """
    return cumulative((rank + shift) ** -power for rank in range(1, count + 1))


def cumulative(weights: Iterable[float]) -> list[float]:
    return list(accumulate(weights))


CITY_WEIGHTS = {"shift": 2, "power": 0.9}
SUBJECT_WEIGHTS = {"shift": 4, "power": 0.7}
HOST_WEIGHTS = {"shift": 10, "power": 0.8}
