"""The whole site: services, preparation, web, worker; started in order, stopped in reverse."""

import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path

from eventmate.embedded import postgres, redis
from eventmate.embedded.errors import ServiceError
from eventmate.embedded.paths import REPOSITORY, last_line, make_data_dir
from eventmate.embedded.process import Process
from eventmate.environment import is_set
from eventmate.launcher.address import Address, bound
from eventmate.launcher.messages import say, welcome
from eventmate.launcher.supervision import Kept, Stop, describe_end

START_TIMEOUT = 90.0
# Longer than Gunicorn lets requests finish, and than Procrastinate's jobs usually take.
STOP_TIMEOUT = 18.0
MANAGE = (sys.executable, str(REPOSITORY / "manage.py"))
PACKAGES = ("eventmate", "accounts", "events", "bookings", "health")


def run(*, dev: bool) -> int:
    """Run the site until a signal stops it, and return the exit code."""
    stop = Stop()
    with ExitStack() as running:
        address = running.enter_context(bound())
        data = make_data_dir()
        environment = _environment(address, data, dev=dev)
        kept = _start_services(running, data, environment)
        credentials = data / "demo-login.json"
        logs = None if dev else data / "log"
        with held_pipe() as prepared:
            # What it does before its workers start takes as long as most preparations.
            web = running.enter_context(_started(_web(environment, address, prepared, logs), stop))
            _prepare(environment, credentials, stop, dev=dev)
        if stop.requested():
            return 0
        _wait_until_it_answers(web, address, stop)
        # Only now, as its start takes as long as that of a web worker, and nobody waits for it.
        worker = running.enter_context(_started(_worker(environment, logs, dev=dev), stop))
        if not stop.requested():
            welcome(address.url, credentials, logs)
        code = _watch(web, [*kept, Kept(worker)], stop)
        say("Stopping ...")
    return code


def _environment(address: Address, data: Path, *, dev: bool) -> dict[str, str]:
    defaults = {
        "DJANGO_SETTINGS_MODULE": f"eventmate.settings.{'dev' if dev else 'local'}",
        "PYTHONUNBUFFERED": "1",
    }
    if dev:
        defaults |= {"WEB_CONCURRENCY": "1", "GUNICORN_RELOAD": "1"}
    else:
        # What goes to its files is not rotated: what goes wrong, and not each request.
        defaults |= {"ACCESS_LOG": "0"}
    decided = {
        "EVENTMATE_DATA_DIR": str(data),
        "HOST": address.host,
        "PORT": str(address.port),
    }
    # Gunicorn reads WEB_CONCURRENCY before gunicorn_config.py is asked, and fails on an empty one.
    given = {name: value for name, value in os.environ.items() if value}
    if not given.get("WEB_CONCURRENCY", "1").isdecimal():
        said = given["WEB_CONCURRENCY"]
        raise ServiceError(f"WEB_CONCURRENCY must be a whole number, not {said!r}.")
    return {**defaults, **given, **decided}


def _start_services(running: ExitStack, data: Path, environment: dict[str, str]) -> list[Kept]:
    kept = []
    if not is_set("DATABASE_URL"):
        say("Starting PostgreSQL ...")
        environment["DATABASE_URL"] = running.enter_context(postgres.joined(data))
        kept.append(Kept(postgres.Server(data)))
    if is_set("REDIS_URL"):
        return kept
    path = redis.socket_path(data)
    if not redis.answers(path):
        try:
            process = redis.start(data)
        except ServiceError as error:
            say(f"{error} The cache is in memory and sessions are in PostgreSQL instead.")
            return kept
        running.callback(process.stop, redis.STOP_TIMEOUT)
        kept.append(Kept(process))
    environment["REDIS_URL"] = redis.url(path)
    return kept


def _prepare(environment: dict[str, str], credentials: Path, stop: Stop, *, dev: bool) -> None:
    say("Preparing the database ...")
    command = [sys.executable, "-m", "eventmate.launcher.prepare", str(credentials)]
    command += [] if dev else ["--static"]
    process = Process("preparation", command, env=environment, cwd=REPOSITORY)
    process.start()
    while process.running and not stop.requested():
        time.sleep(0.05)
    process.stop(STOP_TIMEOUT, hurry=stop.hurried)
    if process.exit_code and not stop.requested():
        raise ServiceError("EventMate does not start: the preparation failed, as said above.")


@contextmanager
def _started(process: Process, stop: Stop) -> Iterator[Process]:
    process.start()
    try:
        yield process
    finally:
        process.stop(STOP_TIMEOUT, hurry=stop.hurried)


def _worker(environment: dict[str, str], logs: Path | None, *, dev: bool) -> Process:
    # Jobs that are done may hold secrets, such as the link that resets a password.
    # Several at a time: a mail server that hangs holds up neither expiry nor other mail.
    command = [*MANAGE, "procrastinate", "worker", "--delete-jobs=successful", "--concurrency=4"]
    if dev:
        watch = [sys.executable, "-m", "watchfiles", "--filter", "python", "--verbosity", "warning"]
        command = [*watch, shlex.join(command), *PACKAGES]
    log = logs / "worker.log" if logs else None
    return Process("worker", command, log=log, env=environment, cwd=REPOSITORY)


@contextmanager
def held_pipe() -> Iterator[int]:
    """One end of a pipe, for another process to wait at until the block is left."""
    reading, writing = os.pipe()
    try:
        yield reading
    finally:
        os.close(writing)
        os.close(reading)


def _web(
    environment: dict[str, str], address: Address, prepared: int, logs: Path | None
) -> Process:
    """Its workers wait until the other end of the pipe ``prepared`` is closed."""
    descriptors = {
        "GUNICORN_BIND": f"fd://{address.descriptor}",
        "GUNICORN_WAIT_FD": str(prepared),
    }
    return Process(
        "web server",
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn_config.py", "eventmate.wsgi"],
        log=logs / "web.log" if logs else None,
        env={**environment, **descriptors},
        cwd=REPOSITORY,
        pass_fds=(address.descriptor, prepared),
    )


def _wait_until_it_answers(web: Process, address: Address, stop: Stop) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not stop.requested() and not _is_well(status := address.live_status()):
        if status is not None:
            # Under --dev the page itself says what is wrong, and goes away when that is mended.
            if web.log is None:
                return
            raise ServiceError(f"EventMate does not work: it answers {status}, see {web.log}.")
        if not web.running or time.monotonic() > deadline:
            end = describe_end(web) if not web.running else "The web server does not answer."
            said = f" {last_line(web.log)}" if web.log else ""
            raise ServiceError(f"EventMate does not start. {end}{said}")
        time.sleep(0.05)


def _is_well(status: int | None) -> bool:
    return status is not None and status < HTTPStatus.INTERNAL_SERVER_ERROR


def _watch(web: Process, kept: list[Kept], stop: Stop) -> int:
    while not stop.requested():
        if not web.running:
            say(describe_end(web))
            return 1
        for process in kept:
            process.check()
        time.sleep(0.1)
    return 0
