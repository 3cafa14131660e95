"""Scenarios, what they promise, and what came of it."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from loadtests.chaos import scenarios

if TYPE_CHECKING:
    from loadtests.chaos.stage import Stage

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One promise. Where it is ``noisy``, a machine that is busy elsewhere can break it too."""

    promise: str
    measured: str
    held: bool
    noisy: bool = False


@dataclass(frozen=True)
class Setting:
    """How the site of a scenario runs. Redis and PostgreSQL are its own."""

    workers: int = 2
    environment: Mapping[str, str] = field(default_factory=dict)
    application: str = "eventmate.wsgi"
    session: str = ""
    """Options of the site's sessions in PostgreSQL, such as "-c lock_timeout=5s"."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of it: all, or the short form that the tests run."""

    is_short: bool = False
    minutes: float = 10.0
    """Of the endurance scenario."""

    def of(self, full: Value, *, short: Value) -> Value:
        return short if self.is_short else full


Play = Callable[["Stage", Scale], Iterator[Verdict]]


@dataclass(frozen=True)
class Scenario:
    name: str
    setting: Setting
    play: Play


SCENARIOS: dict[str, Scenario] = {}


def scenario(name: str, *, setting: Setting | None = None) -> Callable[[Play], Play]:
    """Enter the decorated function as a scenario."""

    def enter(play: Play) -> Play:
        assert name not in SCENARIOS, f"two scenarios are named {name}"
        SCENARIOS[name] = Scenario(name, setting or Setting(), play)
        return play

    return enter


def all_scenarios() -> dict[str, Scenario]:
    """Those of all modules in scenarios/."""
    for module in pkgutil.iter_modules(scenarios.__path__, f"{scenarios.__name__}."):
        importlib.import_module(module.name)
    return SCENARIOS


def none(promise: str, found: Iterable[object], *, noisy: bool = False) -> Verdict:
    """Held where nothing was found. The first of what was is told."""
    rows = list(found)
    measured = f"{len(rows)}, the first: {rows[0]}" if rows else "none"
    return Verdict(promise, measured, not rows, noisy)


def at_most(
    promise: str, value: float, bound: float, unit: str = "", *, noisy: bool = True
) -> Verdict:
    return Verdict(promise, f"{value:.3g}{unit} (bound {bound:g}{unit})", value <= bound, noisy)


def at_least(
    promise: str, value: float, bound: float, unit: str = "", *, noisy: bool = False
) -> Verdict:
    return Verdict(promise, f"{value:.3g}{unit} (bound {bound:g}{unit})", value >= bound, noisy)


def true(promise: str, held: bool, measured: object = "", *, noisy: bool = False) -> Verdict:
    return Verdict(promise, str(measured or ("yes" if held else "no")), held, noisy)
