"""How many requests in how many seconds, as the environment says it: `100/m,1000/h`."""

import re
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured

SECONDS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
RATE = re.compile(r"(?P<limit>[1-9]\d{0,8})/(?P<times>[1-9]\d{0,3})?(?P<unit>[smhd])")


class Rate(NamedTuple):
    limit: int
    seconds: int


def parse_rates(variable: str, text: str) -> tuple[Rate, ...]:
    """The rates in a list such as `100/m,30/10m`, the shortest window first.

    Raises ImproperlyConfigured, with the variable's name, where there is none or two have the same
    window.
    """
    matches = [RATE.fullmatch(part.strip()) for part in text.split(",")]
    rates = sorted(
        (
            Rate(int(match["limit"]), int(match["times"] or 1) * SECONDS[match["unit"]])
            for match in matches
            if match
        ),
        key=lambda rate: rate.seconds,
    )
    if None in matches or len({rate.seconds for rate in rates}) < len(rates):
        raise ImproperlyConfigured(
            f"{variable} must be requests per second, minute, hour or day, with commas between, "
            f"such as 100/m,1000/h or 30/10m; not {text!r}."
        )
    return tuple(rates)
