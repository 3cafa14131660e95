import json
import subprocess
from pathlib import Path

import pytest

from tests.eventmate.machine import bare_environment, run

SHOW = """
import json, os, runpy
config = runpy.run_path("gunicorn_config.py")
shown = {name: config[name] for name in ("bind", "workers", "worker_class", "preload_app")}
print(json.dumps({**shown, "pool": os.environ["DATABASE_POOL_SIZE"]}))
"""


def configured(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return run("-c", SHOW, env=bare_environment(folder, **settings))


@pytest.mark.parametrize(("workers", "pool"), [("3", 10), ("9", 10), ("30", 3), ("200", 1)])
def test_all_pools_together_fit_postgresql(tmp_path: Path, workers: str, pool: int) -> None:
    shown = json.loads(configured(tmp_path, WEB_CONCURRENCY=workers).stdout)
    assert (shown["workers"], int(shown["pool"])) == (int(workers), pool)


def test_defaults_serve_this_machine_with_gevent(tmp_path: Path) -> None:
    shown = json.loads(configured(tmp_path).stdout)
    assert shown["bind"] == "127.0.0.1:8000"
    assert shown["worker_class"] == "gevent"
    assert shown["workers"] >= 3
    assert not shown["preload_app"]


def test_host_and_port_move_it(tmp_path: Path) -> None:
    shown = json.loads(configured(tmp_path, HOST="127.0.0.2", PORT="8123").stdout)
    assert shown["bind"] == "127.0.0.2:8123"


def test_number_that_is_none_is_named(tmp_path: Path) -> None:
    refused = configured(tmp_path, WEB_CONCURRENCY="many")
    assert refused.returncode == 1
    assert refused.stderr == "WEB_CONCURRENCY must be a whole number, not 'many'.\n"
