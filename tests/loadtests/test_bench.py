"""The bench runs, and finds a figure for all that it promises; never how good they are."""

import json
import os
import subprocess
import sys

import pytest

from eventmate.embedded.paths import REPOSITORY

PARTS = ["speed", "constancy", "neighbours", "over_http", "searches", "admin"]
SMALLEST = ["--seconds=0.2", "--rounds=1", "--tickets=40", "--events", "60", "120"]
SMALLEST += [f"--only={part}" for part in PARTS]
RATIOS = [
    "service to pgbench, confirmed bookings on one hot event",
    "last 10 tickets to first 10 of 40, time of a booking, median",
    "a quiet event's booking beside a rush to alone, p95, the gate as set",
    "a quiet event's booking beside a rush to alone, p95, the gate wide open",
    "its page beside a rush to alone, p95, the gate as set",
    "database time of a search page, p95, 120 to 60 events",
]
FIGURES = [
    "through the service, 8 writers",
    "the same SQL in pgbench, 8 clients",
    "confirmed bookings over HTTP",
    "choice over HTTP, p50",
    "details over HTTP, p95",
    "booking over HTTP, p99",
    "CPU of the web for a booking over HTTP, both forms",
    "CPU of all cores meanwhile, web",
    "CPU of all cores meanwhile, PostgreSQL",
    "CPU of all cores meanwhile, clients",
]
LISTS = ["events, two words", "bookings, by ticket code", "hosts, by their events"]


@pytest.mark.timeout(600)
def test_smallest_run_prints_its_table_and_keeps_its_figures(tmp_path):
    kept = tmp_path / "bench.json"
    elsewhere = {"DATABASE_URL", "REDIS_URL"}

    done = subprocess.run(
        [sys.executable, "-m", "loadtests.bench", *SMALLEST, f"--json={kept}"],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if name not in elsewhere},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(kept.read_text())["figures"]
    found = {figure["what"]: figure for figure in figures if not figure["matrix"]}
    for what in RATIOS + FIGURES:
        assert what in done.stdout
        assert found[what]["value"] > 0, what
    assert all(not found[what]["unit"] for what in RATIOS)
    assert done.stdout.index(RATIOS[-1]) < done.stdout.index(FIGURES[0])
    for name in ("admin, PostgreSQL ms by events", "admin, queries by events"):
        cells = {
            (figure["what"], figure["column"]): figure["value"]
            for figure in figures
            if figure["matrix"] == name
        }
        assert all(cells[what, size] > 0 for what in LISTS for size in ("60", "120")), name
