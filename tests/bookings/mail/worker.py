"""The worker of a site, as a process that can be killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from eventmate.embedded.paths import REPOSITORY
from tests.bookings.mail.server import MailServer
from tests.health import job_rows


def database_url() -> str:
    """Of the database that the test has."""
    base, _, query = os.environ["DATABASE_URL"].partition("?")
    url = f"{base.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    return f"{url}?{query}" if query else url


@contextmanager
def running_worker(
    folder: Path, server: MailServer, queues: str = "mail"
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [
            *(sys.executable, "manage.py", "procrastinate", "worker", f"--queues={queues}"),
            *("--fetch-job-polling-interval=0.2", "--delete-jobs=successful"),
        ],
        cwd=REPOSITORY,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "eventmate.settings.local",
            "DATABASE_URL": database_url(),
            "EVENTMATE_DATA_DIR": str(folder),
            "EMAIL_URL": f"smtp://{server.hostname}:{server.port}",
            "REDIS_URL": "",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def forget_dead_workers() -> None:
    """Half a minute later, without waiting for it."""
    sql = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour' RETURNING id"
    job_rows.execute(sql)
