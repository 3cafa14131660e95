"""The worker of a site, as a process that can be killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from eventmate.embedded.paths import REPOSITORY
from tests.databases import url_of
from tests.health import job_rows


def database_url() -> str:
    """Of the database that the test has."""
    return url_of(connection.settings_dict["NAME"])


@contextmanager
def running_worker(
    folder: Path, *, mail: str, queues: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """On the database of this test, for these queues or for all; ``mail`` is an EMAIL_URL, or empty
    for files in the folder.
    """
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
            "EMAIL_URL": mail,
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
