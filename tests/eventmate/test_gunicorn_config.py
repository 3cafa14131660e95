import json
import os
import subprocess
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from eventmate.launcher.site import held_pipe
from loadtests.site import answers
from tests.eventmate.gunicorn import gunicorn
from tests.eventmate.machine import bare_environment, run, wait_until

NO_DATABASE = "postgresql://127.0.0.1:1/none"

SHOW = """
import json, os, runpy
config = runpy.run_path("gunicorn_config.py")
shown = {name: value for name, value in config.items() if isinstance(value, int | str | None)}
print(json.dumps({**shown, **os.environ}))
"""

CORES = """
import runpy, sys
from pathlib import Path
print(runpy.run_path("gunicorn_config.py")["cores"](Path(sys.argv[1])))
"""


def configured(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return run("-c", SHOW, env=bare_environment(folder, **settings))


def shown(folder: Path, **settings: str) -> dict[str, object]:
    """What Gunicorn reads, and the environment of its workers."""
    done = configured(folder, **settings)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(("workers", "pool"), [("3", "20"), ("9", "9"), ("30", "2"), ("200", "1")])
def test_all_pools_together_fit_postgresql(tmp_path: Path, workers: str, pool: str) -> None:
    config = shown(tmp_path, WEB_CONCURRENCY=workers)
    assert (config["workers"], config["DATABASE_POOL_SIZE"]) == (int(workers), pool)


def test_defaults_serve_this_machine(tmp_path: Path) -> None:
    config = shown(tmp_path)
    assert config["bind"] == "127.0.0.1:8000"
    assert config["workers"] >= 2
    assert not config["preload_app"]
    assert config["control_socket_disable"]
    assert config["forwarded_allow_ips"] == "127.0.0.1,::1"


def test_workers_are_gevents_and_are_told_how_many_they_are(tmp_path: Path) -> None:
    config = shown(tmp_path)
    # In a process of its own: eventmate.wsgi takes one that has imported it for such a worker.
    script = (
        "from gunicorn.config import Config; from gunicorn.workers.ggevent import GeventWorker\n"
        f"asked = Config(); asked.set('worker_class', {config['worker_class']!r})\n"
        "assert issubclass(asked.worker_class, GeventWorker)"
    )
    done = run("-c", script, env=bare_environment(tmp_path))
    assert done.returncode == 0, done.stderr
    assert config["WEB_CONCURRENCY"] == str(config["workers"])


def test_workers_are_replaced_one_after_another(tmp_path: Path) -> None:
    config = shown(tmp_path)
    assert 0 < config["max_requests_jitter"] < config["max_requests"]


def test_requests_in_flight_have_longer_than_their_deadline(tmp_path: Path) -> None:
    assert shown(tmp_path)["graceful_timeout"] > settings.REQUEST_DEADLINE


def test_host_and_port_move_it(tmp_path: Path) -> None:
    assert shown(tmp_path, HOST="127.0.0.2", PORT="8123")["bind"] == "127.0.0.2:8123"
    assert shown(tmp_path, HOST="::1")["bind"] == "[::1]:8000"


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("GUNICORN_BACKLOG", "backlog"),
        ("GUNICORN_WORKER_CONNECTIONS", "worker_connections"),
        ("GUNICORN_MAX_REQUESTS", "max_requests"),
        ("GUNICORN_MAX_REQUESTS_JITTER", "max_requests_jitter"),
        ("GUNICORN_TIMEOUT", "timeout"),
        ("GUNICORN_GRACEFUL_TIMEOUT", "graceful_timeout"),
        ("GUNICORN_KEEPALIVE", "keepalive"),
        ("GUNICORN_LIMIT_REQUEST_LINE", "limit_request_line"),
        ("GUNICORN_LIMIT_REQUEST_FIELDS", "limit_request_fields"),
        ("GUNICORN_LIMIT_REQUEST_FIELD_SIZE", "limit_request_field_size"),
    ],
)
def test_value_comes_from_the_environment(tmp_path: Path, variable: str, name: str) -> None:
    assert shown(tmp_path, **{variable: "77"})[name] == 77
    assert shown(tmp_path, **{variable: ""})[name] == shown(tmp_path)[name]


def test_empty_variables_are_as_unset(tmp_path: Path) -> None:
    names = ("HOST", "PORT", "WEB_CONCURRENCY", "DATABASE_POOL_SIZE", "FORWARDED_ALLOW_IPS")
    empty = shown(tmp_path, **dict.fromkeys(names, ""))
    assert empty == shown(tmp_path) | {"HOST": "", "PORT": "", "FORWARDED_ALLOW_IPS": ""}


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("WEB_CONCURRENCY", "many", "a whole number of at least 1"),
        ("WEB_CONCURRENCY", "0", "a whole number of at least 1"),
        ("DATABASE_POOL_SIZE", "0", "a whole number of at least 1"),
        ("GUNICORN_TIMEOUT", "-1", "a whole number"),
    ],
)
def test_number_that_is_none_is_named(tmp_path: Path, name: str, value: str, wanted: str) -> None:
    refused = configured(tmp_path, **{name: value})
    assert refused.returncode == 1
    assert refused.stderr == f"{name} must be {wanted}, not {value!r}.\n"


@pytest.mark.parametrize(
    ("own", "limits", "granted"),
    [
        ("/", {"": "100000 100000"}, 1),
        ("/", {"": "50000 100000"}, 1),
        ("/", {"": "400000 100000"}, 4),
        ("/", {"": "max 100000"}, 1000),
        ("/", {}, 1000),
        ("/site.slice/web", {"site.slice/web": "max 100000", "site.slice": "100000 100000"}, 1),
    ],
)
def test_container_has_the_cores_that_it_is_granted(
    tmp_path: Path, own: str, limits: dict[str, str], granted: int
) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text(f"4:memory:/other\n0::{own}\n")
    for group, limit in limits.items():
        folder = tmp_path / "sys/fs/cgroup" / group
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cpu.max").write_text(f"{limit}\n")
    counted = run("-c", CORES, str(tmp_path), env=bare_environment(tmp_path))
    assert int(counted.stdout) == min(granted, len(os.sched_getaffinity(0))), counted.stderr


def test_visitor_does_not_say_where_the_site_is_mounted(tmp_path: Path) -> None:
    environment = bare_environment(tmp_path, WEB_CONCURRENCY="1", DATABASE_URL=NO_DATABASE)
    config = ("-c", "gunicorn_config.py")
    with gunicorn(tmp_path, *config, "wsgiref.simple_server:demo_app", env=environment) as server:
        wait_until(lambda: answers(server.url))
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
            connection.request("GET", "/a/b", headers={"SCRIPT_NAME": "/a"})
            told = connection.getresponse().read().decode()

    assert "PATH_INFO = '/a/b'" in told
    assert "SCRIPT_NAME = ''" in told


def test_workers_start_once_the_pipe_is_closed(tmp_path: Path) -> None:
    environment = bare_environment(tmp_path, WEB_CONCURRENCY="1", DATABASE_URL=NO_DATABASE)
    with held_pipe() as pipe, ExitStack() as running:
        arguments = ("-c", "gunicorn_config.py", "tests.eventmate.garbage")
        environment["GUNICORN_WAIT_FD"] = str(pipe)
        server = running.enter_context(
            gunicorn(tmp_path, *arguments, env=environment, pass_fds=(pipe,))
        )
        master = psutil.Process(server.process.pid)
        wait_until(master.children)  # what looks whether there are enough connections
        wait_until(lambda: not master.children())
        for _ in range(30):
            assert not master.children()
            time.sleep(0.1)
        after = running.pop_all()
    with after:
        wait_until(lambda: answers(server.url))


def test_worker_looks_for_garbage_but_not_in_what_it_loaded_at_its_start(tmp_path: Path) -> None:
    environment = bare_environment(tmp_path, WEB_CONCURRENCY="1", DATABASE_URL=NO_DATABASE)
    config = ("-c", "gunicorn_config.py")
    with gunicorn(tmp_path, *config, "tests.eventmate.garbage", env=environment) as server:
        wait_until(lambda: answers(server.url))
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
            connection.request("GET", "/")
            looks, spared = connection.getresponse().read().decode().split()

    assert looks == "True"
    assert int(spared) > 10_000
