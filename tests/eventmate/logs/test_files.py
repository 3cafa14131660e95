"""LOG_DIR: one file that several processes write and rotate, under gevent as in the web workers."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from eventmate.embedded.paths import REPOSITORY
from eventmate.logs.configuration import logging_config
from tests.eventmate.machine import bare_environment

PROCESSES, GREENLETS, EACH = 4, 10, 300
WRITE = """
from gevent import monkey; monkey.patch_all()
import logging.config, sys, gevent
from eventmate.logs.configuration import logging_config

name, greenlets, each, size, kept = sys.argv[1], *map(int, sys.argv[2:])
config = logging_config()
for handler in config["handlers"].values():
    handler |= {"maxBytes": size, "backupCount": kept}
logging.config.dictConfig(config)
logger = logging.getLogger("eventmate.access")

def write(greenlet):
    for number in range(each):
        logger.info("request", extra={"place": [name, greenlet, number], "route": "x" * 200})
        gevent.sleep(0)

gevent.joinall([gevent.spawn(write, greenlet) for greenlet in range(greenlets)], raise_error=True)
"""


def write(folder: Path, *, size: int, kept: int, processes: int = PROCESSES) -> None:
    """Have several processes log so many lines each, to files of this size in bytes."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, name, *map(str, (GREENLETS, EACH, size, kept))],
            cwd=REPOSITORY,
            env=os.environ | {"LOG_DIR": str(folder), "LOG_FORMAT": "json"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in map(str, range(processes))
    ]
    for writer in writers:
        _, errors = writer.communicate(timeout=100)
        assert (writer.returncode, errors) == (0, "")


def test_no_line_is_lost_or_torn_while_files_are_rotated(tmp_path: Path) -> None:
    write(tmp_path / "made" / "here", size=100_000, kept=100)

    files = list((tmp_path / "made" / "here").glob("access.log*"))
    assert len(files) > 20
    places = [
        tuple(json.loads(line)["place"]) for file in files for line in file.read_text().splitlines()
    ]
    assert len(places) == len(set(places)) == PROCESSES * GREENLETS * EACH


def test_no_more_files_are_kept_than_said(tmp_path: Path) -> None:
    write(tmp_path, size=20_000, kept=3, processes=2)

    files = list(tmp_path.glob("access.log*"))
    assert len(files) == 4
    assert max(file.stat().st_size for file in files) < 25_000


def test_files_are_ten_of_ten_megabytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOG_DIR", str(tmp_path))
    handlers = logging_config()["handlers"].values()

    assert {Path(handler["filename"]).name for handler in handlers} == {
        "access.log",
        "eventmate.log",
    }
    assert {(one["maxBytes"], one["backupCount"]) for one in handlers} == {(10 * 2**20, 10)}


def test_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=REPOSITORY,
        env=bare_environment(tmp_path, LOG_DIR=str(tmp_path / "file")),
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode != 0
    assert re.search(r"LOG_DIR cannot be made: .*file", refused.stderr)
