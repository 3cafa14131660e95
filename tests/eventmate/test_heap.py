"""The memory of a web worker, as glibc keeps it."""

import os
import platform
from pathlib import Path

import pytest

from loadtests.site import answers
from tests.eventmate.gunicorn import gunicorn
from tests.eventmate.machine import bare_environment, run, wait_until
from tests.eventmate.metrics.scrape import get
from tests.eventmate.test_gunicorn_config import NO_DATABASE

pytestmark = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="other C libraries are left as they are"
)

KEEP = "from eventmate import heap; heap.keep_small()\n"
TOLD = (
    "from tests.eventmate.heaps import *\n"
    "print(heaps_with_threads(), grown_by_a_block_after_a_larger_one())"
)


@pytest.mark.parametrize(("script", "told"), [(KEEP + TOLD, "1 False\n"), (TOLD, "2 True\n")])
def test_threads_have_one_heap_and_large_blocks_have_memory_of_their_own(
    script: str, told: str
) -> None:
    unset = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    assert run("-c", script, env=unset).stdout == told


def test_workers_of_gunicorn_have_one_heap(tmp_path: Path) -> None:
    arguments = ("-c", "gunicorn_config.py", "tests.eventmate.about_worker")
    environment = bare_environment(tmp_path, WEB_CONCURRENCY="1", DATABASE_URL=NO_DATABASE)
    with gunicorn(tmp_path, *arguments, env=environment) as server:
        wait_until(lambda: answers(server.url))
        assert get(server.url, "/heaps") == "1"
