"""Texts with alternatives and slots.

- `{this|that}` is one of its alternatives, each of which may hold slots and further alternatives.
- `{city}` is the slot of that name, whose value may hold slots in turn.
- `{+90}` and `{-30}` are the time on the clock so many minutes after and before the start.
"""

import datetime as dt
import random
import re
from collections.abc import Mapping

_INNERMOST = re.compile(r"\{([^{}]*)\}")
_MINUTES = re.compile(r"[+-]\d+")
_GAPS = re.compile(r" {2,}")
# Some names bring their article along: "the Elbe".
_ARTICLE_AT_START = re.compile(r"(^|[.!?][\"”]? |\n|- |“)the (?=[A-Z])")


def fill(
    text: str,
    *,
    rng: random.Random,
    slots: Mapping[str, str] | None = None,
    start: dt.datetime | None = None,
) -> str:
    """The text in one of its forms. ``start`` is the wall-clock time that minutes count from.

    Raises KeyError for a slot that has no value.
    """
    while match := _INNERMOST.search(text):
        value = _resolve(match[1], rng, slots or {}, start)
        text = text[: match.start()] + value + text[match.end() :]
    text = _GAPS.sub(" ", text).replace(" \n", "\n").strip()
    return _ARTICLE_AT_START.sub(r"\1The ", text)


def _resolve(
    inner: str, rng: random.Random, slots: Mapping[str, str], start: dt.datetime | None
) -> str:
    if "|" in inner:
        return rng.choice(inner.split("|"))
    if start is not None and _MINUTES.fullmatch(inner):
        return f"{start + dt.timedelta(minutes=int(inner)):%H:%M}"
    return slots[inner]
