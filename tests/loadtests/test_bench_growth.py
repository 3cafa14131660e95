"""The bench finds how the cost of pages grows, and draws it; never how steeply."""

import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from eventmate.embedded.paths import REPOSITORY
from loadtests.bench.figures import Figure, kept
from loadtests.bench.plots import plotted

SMALLEST = [
    *("--only=growth", "--page=home", "--page=my bookings"),
    *("--seconds=0.01", "--connections=1"),
    *("--events=80", "--catalogue=80", "--users", "1", "3"),
]
PLACES = {"events": ("80",), "users": ("1", "3"), "workers": ("1", "2")}
PAGES = ("home, anonymous", "home, logged in", "my bookings, logged in")
ROWS = [f"{page}, {kind}" for page in PAGES for kind in ("warm", "cold")]


@pytest.mark.timeout(600)
def test_smallest_run_finds_each_page_at_each_place_and_draws_it(tmp_path):
    json, svg = tmp_path / "bench.json", tmp_path / "bench.svg"
    elsewhere = {"DATABASE_URL", "REDIS_URL"}

    done = subprocess.run(
        [sys.executable, "-m", "loadtests.bench", *SMALLEST, f"--json={json}", f"--plot={svg}"],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if name not in elsewhere},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    figures = kept(json)
    for axis, places in PLACES.items():
        for measure in ("requests/s", "p95 ms", "CPU ms", "queries", "refused %"):
            name = f"{measure} by {axis}"
            cells = {
                (figure.what, figure.column): figure.value
                for figure in figures
                if figure.matrix == name
            }
            assert set(cells) == {(row, place) for row in ROWS for place in places}, name
            assert f"\n{name}\n" in done.stdout
            if measure in ("requests/s", "p95 ms"):
                assert all(value > 0 for value in cells.values()), name
    assert "requests/s by workers, cold" in said_in(svg.read_text())


def test_plot_shows_each_figure_by_day_and_by_night():
    rows = {"warm": 900.0, "cold": 40.0, "plain view": 1200.0, "bare reply": 4000.0}
    bars = [
        Figure(f"home & more, anonymous, {kind}", rate, "/s", "", "pages", "requests/s")
        for kind, rate in rows.items()
    ]
    lines = [
        Figure("home, anonymous, cold", rate, "/s", "", "requests/s by events", place)
        for place, rate in {"1,000": 50.0, "1,000,000": 40.0}.items()
    ]
    refused = Figure("list, anonymous, cold", 0.0, "/s", "", "requests/s by events", "1,000")

    svg = plotted([Figure("speed", 1.0), *bars, *lines, refused])

    drawn = said_in(svg)
    assert "home & more, anonymous" in drawn
    assert "home & more, anonymous, cold: 40/s" in drawn
    assert "home, anonymous: 50 at 1,000" in drawn
    assert "home, anonymous: 40 at 1,000,000" in drawn
    assert not any(words.startswith("list, anonymous:") for words in drawn)
    assert "prefers-color-scheme: dark" in svg


def test_run_without_pages_is_an_empty_plot():
    assert said_in(plotted([Figure("speed", 1.0)])) == []


def said_in(svg: str) -> list[str]:
    """The words of a drawing, those that a pointer shows too."""
    words = {"text", "title"}
    return [
        element.text or ""
        for element in ElementTree.fromstring(svg).iter()  # noqa: S314  # we drew it
        if element.tag.rpartition("}")[2] in words
    ]
