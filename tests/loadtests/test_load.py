"""A small load finds the site well, and one that went wrong is told as such."""

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from eventmate.embedded.paths import REPOSITORY
from loadtests.load.__main__ import Run, bound, course, unusual

# So many that one of them books.
SMALLEST = ["--users=25", "--spawn-rate=25", "--seconds=15", "--events=400", "--workers=1"]
HEADLINE = re.compile(
    r"25 people for 15 s: [\d,.]+ requests/s, mean \d+ ms, p95 \d+ ms, p99 \d+ ms, 0 errors;"
    r" (?P<booked>\d+) bookings made, (?P<confirmed>\d+) found confirmed in the database,"
    r" 0 differences in the inventory"
)
PAGES = ("city", "search", "log in (POST)", "booking page", "confirm (POST)", "booking")
WELL = Run(
    report={"errors": [], "booked": ["ABC"]},
    cpu={"web": 60.0, "Locust": 30.0, "idle": 2.0},
    memory={},
    worker_memory=[90.0],
    connections=3,
    confirmed=1,
    differences=0,
)


@pytest.mark.timeout(600)
def test_smallest_load_books_and_finds_its_bookings():
    elsewhere = {"DATABASE_URL", "REDIS_URL"}

    done = subprocess.run(
        [sys.executable, "-m", "loadtests.load", *SMALLEST],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if name not in elsewhere}
        | {"REQUEST_DEADLINE": "60"},  # on a machine with more to do
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    told = HEADLINE.search(done.stdout)
    assert told, done.stdout
    assert int(told["booked"]) == int(told["confirmed"]) > 0
    for page in PAGES:
        assert re.search(rf"/s  {re.escape(page)}: p50 \d+", done.stdout), page
    assert "CPU of all cores, web" in done.stdout
    assert re.search(r"[\d.]+ MB  memory at most, a web worker alone: by quarters", done.stdout)
    assert "connections to PostgreSQL at most" in done.stdout
    assert "Bound by the " in done.stdout


@pytest.mark.parametrize(
    "wrong",
    [
        {"report": WELL.report | {"errors": ["1 × home: 500"]}},
        {"confirmed": 0},
        {"differences": 2},
    ],
)
def test_load_that_went_wrong_is_not_clean(wrong):
    assert WELL.is_clean
    assert not replace(WELL, **wrong).is_clean


def test_what_bounds_a_load_is_told():
    assert bound(WELL) == "Bound by the cores, of which 60 % went to: web."
    relaxed = replace(WELL, cpu={"web": 40.0, "Locust": 20.0, "idle": 40.0})
    assert bound(relaxed) == "Bound by the people: 40 % of the cores were idle, as they read."


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([80.2], "80"),
        ([60, 70, 80], "60, 70, 80"),
        ([60, 70, 80, 90, 85, 86, 87, 84.6, 84], "70, 90, 87, 85"),
    ],
)
def test_course_of_a_run_is_told_by_quarters(values, told):
    assert course(values) == f"by quarters of the run {told}"


def test_what_is_unusual_is_not_lost_among_what_a_busy_site_says():
    slow = "[warning  ] Slow: GET events:list took 6251 ms\n"
    refused = "[error    ] Service Unavailable: /events/\n"
    failed = "[error    ] Internal Server Error: /events/\nKeyError: 7\n"

    assert unusual(f"{slow * 50_000}{failed}{(slow + refused) * 50_000}") == failed
