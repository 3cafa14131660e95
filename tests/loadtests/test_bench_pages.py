"""The bench finds what each page costs, keeps it and compares it; never how good it is."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from eventmate.embedded.paths import REPOSITORY
from loadtests.bench.child import started
from loadtests.bench.costs import Asker, Cost
from loadtests.bench.figures import Figure, keep, kept
from loadtests.bench.matrix import comparison, matrices
from loadtests.bench.visits import Asked, Visitor
from tests.loadtests.answering import answering

SMALLEST = ["--seconds=0.01", "--rounds=1", "--catalogue=100", "--connections=1"]
PUBLIC = ("home", "list", "filtered list", "search", "detail", "booking page")
ROWS = [f"{page}, {who}" for page in PUBLIC for who in ("anonymous", "logged in")]
ROWS += ["my bookings, logged in"]
KINDS = ("warm", "cold", "bare reply", "plain view")
COLUMNS = (
    *("to bare reply", "to plain view", "requests/s", "p50 ms", "p95 ms", "p99 ms"),
    *("CPU ms", "PostgreSQL ms", "client ms", "queries", "bytes"),
)
# Of what is measured in ticks of 10 ms, or is nothing for some.
MAY_BE_NOTHING = {"CPU ms", "PostgreSQL ms", "queries"}
EARLIER = Figure("home, anonymous, cold", 0.5, "/s", matrix="pages", column="requests/s")


@pytest.mark.timeout(600)
def test_smallest_run_finds_each_page_cold_and_warm_beside_a_bare_reply_and_a_plain_view(tmp_path):
    now, then = tmp_path / "now.json", tmp_path / "then.json"
    keep(then, {}, [EARLIER])
    options = [*SMALLEST, "--only=pages", f"--json={now}", f"--against={then}"]
    elsewhere = {"DATABASE_URL", "REDIS_URL"}

    done = subprocess.run(
        [sys.executable, "-m", "loadtests.bench", *options],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if name not in elsewhere},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    figures = kept(now)
    cells = {(figure.what, figure.column): figure.value for figure in figures if figure.matrix}
    assert list(cells) == [
        (f"{row}, {kind}", column) for row in ROWS for kind in KINDS for column in COLUMNS
    ]
    assert all(value > 0 for (_, column), value in cells.items() if column not in MAY_BE_NOTHING)
    assert cells["detail, anonymous, cold", "queries"] > 0
    assert cells["detail, anonymous, bare reply", "queries"] == 0
    ratios = {figure.what: figure.value for figure in figures if not figure.matrix}
    assert len(ratios) == 2 * len(ROWS)
    assert all(value > 0 for value in ratios.values())
    assert "now to then" in done.stdout
    assert done.stdout.index("to a bare reply of its size") < done.stdout.index("\npages\n")


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"status": 500}, "500 in place of 200"),
        ({"page": "Nothing found"}, "'Jazz & more' is not on the page"),
    ],
)
def test_page_that_is_not_what_it_should_be_ends_the_run(how, told, tmp_path):
    (tmp_path / "web.log").write_text("what the site said")
    asked = Asked("detail", "anonymous", {"/jazz/": "Jazz & more"}, [Visitor("", "")])
    with answering(**how) as (_, port), started("loadtests.bench.askers", os.environ) as child:
        site = SimpleNamespace(url=f"http://127.0.0.1:{port}", log=tmp_path / "web.log")

        with pytest.raises(AssertionError) as raised:
            Asker(child, users=1, seconds=0.1).ask(site, asked, Cost())

    assert told in str(raised.value)
    assert "what the site said" in str(raised.value)


def test_figures_of_a_matrix_stand_in_its_rows_and_columns():
    figures = [
        Figure("speed", 3.0),
        Figure("home", 0.25, matrix="pages", column="to bare"),
        Figure("home", 1234.0, "/s", matrix="pages", column="requests/s"),
        Figure("search", 7.0, "/s", matrix="pages", column="requests/s"),
    ]

    assert matrices(figures).splitlines() == [
        "pages",
        "        to bare  requests/s",
        "home       0.25       1,234",
        "search        -           7",
    ]


def test_two_runs_are_compared_where_both_have_a_figure(tmp_path):
    earlier = [EARLIER, Figure("speed", 0.5), Figure("gone", 1.0)]
    path = tmp_path / "bench.json"
    keep(path, {}, earlier)
    now = [
        Figure("home, anonymous, cold", 2.0, "/s", matrix="pages", column="requests/s"),
        Figure("speed", 0.25),
        Figure("new", 1.0),
    ]

    assert comparison(now, kept(path)).splitlines() == [
        " now   then  now to then",
        "0.25    0.5          0.5  speed",
        " 2/s  0.5/s            4  pages: home, anonymous, cold: requests/s",
    ]


def test_run_that_was_kept_before_there_were_matrices_is_read(tmp_path):
    row = {"what": "speed", "value": 0.5, "unit": "", "of": "5/s to 10/s"}
    path = tmp_path / "bench.json"
    path.write_text(json.dumps({"machine": {}, "figures": [row]}))

    assert kept(path) == [Figure("speed", 0.5, of="5/s to 10/s")]
