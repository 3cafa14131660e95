"""The command line; what it is about is at the head of __init__.py."""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import psycopg

from eventmate.embedded.errors import ServiceError
from loadtests.chaos.scenario import Scale, Scenario, Verdict, all_scenarios
from loadtests.chaos.stage import staged

# What the site or its parts do to a scenario that cannot go on.
PROBLEMS = (AssertionError, OSError, ServiceError, psycopg.Error)
LONGEST_MEASURED = 100

Outcome = tuple[str, Verdict]


def main() -> int:
    known = all_scenarios()
    options = _parser(known).parse_args()
    if options.list:
        say("\n".join(known))
        return 0
    outcomes: list[Outcome] = []
    for name in options.only or known:
        start = time.monotonic()
        verdicts = run(known[name], Scale(is_short=options.short, minutes=options.minutes))
        outcomes += ((name, verdict) for verdict in verdicts)
        broken = sum(not verdict.held for verdict in verdicts)
        say(f"{name}: {time.monotonic() - start:.0f} s, {broken} of {len(verdicts)} broken")
    say(f"\n{table(outcomes)}")
    if options.json:
        options.json.write_text(as_json(outcomes))
    return 0 if all(verdict.held for _, verdict in outcomes) else 1


def run(chosen: Scenario, scale: Scale) -> list[Verdict]:
    """On a site of its own. A scenario that cannot be run is a promise that is broken."""
    verdicts: list[Verdict] = []
    try:
        with staged(chosen.setting) as stage:
            verdicts.extend(chosen.play(stage, scale))
    except PROBLEMS as problem:
        sys.stderr.write(f"{chosen.name}: {type(problem).__name__}: {problem}\n")
        last = str(problem).strip().rpartition("\n")[2]
        text = f"{type(problem).__name__}: {last}"[:LONGEST_MEASURED]
        verdicts.append(Verdict("the scenario can be run", text, held=False))
    return verdicts


def table(outcomes: Iterable[Outcome]) -> str:
    rows = [
        (name, verdict.promise, verdict.measured, "held" if verdict.held else "BROKEN")
        for name, verdict in outcomes
    ]
    rows.insert(0, ("scenario", "promise", "measured", "verdict"))
    name, promise, measured = (max(len(row[column]) for row in rows) for column in range(3))
    return "\n".join(f"{a:{name}}  {b:{promise}}  {c:{measured}}  {d}" for a, b, c, d in rows)


def as_json(outcomes: Iterable[Outcome]) -> str:
    rows = [{"scenario": name, **asdict(verdict)} for name, verdict in outcomes]
    machine = {"cores": os.cpu_count(), "load": os.getloadavg()[0]}
    return json.dumps({"machine": machine, "verdicts": rows}, indent=1) + "\n"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _parser(known: Iterable[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m loadtests.chaos",
        description="Break the site's parts under load, and see what visitors notice.",
    )
    parser.add_argument("--only", nargs="+", choices=list(known), metavar="NAME")
    parser.add_argument("--minutes", type=float, default=10.0, help="of endurance; 10 without it")
    parser.add_argument("--short", action="store_true", help="less load and shorter outages")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the verdicts there as well"
    )
    parser.add_argument("--list", action="store_true", help="name the scenarios, and run none")
    return parser


if __name__ == "__main__":
    sys.exit(main())
