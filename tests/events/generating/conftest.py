"""The command as an operator runs it: a process of its own, on a database of its own."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from eventmate.embedded.paths import REPOSITORY
from loadtests.site import run_manage
from tests.databases import new_database

# More than are listed at once.
COUNT = 22_000
# The same for all runs of these tests, though midnight may lie between two of them.
TODAY = dt.datetime.now(dt.UTC).date()


@dataclass(frozen=True)
class Database:
    url: str

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "eventmate.settings.local",
            "DATABASE_URL": self.url,
            "REDIS_URL": "",
        }

    def manage(self, *arguments: str) -> str:
        return run_manage(self.environment, *arguments)

    def generate(self, *options: str) -> str:
        return self.manage("generate_events", str(COUNT), "--today", str(TODAY), *options)

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=REPOSITORY,
            env=self.environment,
            **options,
        )

    def rows(self, query: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def value(self, query: str, *values: Any) -> Any:
        return self.rows(query, *values)[0][0]


@pytest.fixture
def database() -> Iterator[Database]:
    with new_database() as url:
        yield Database(url)


@pytest.fixture(scope="module")
def filled() -> Iterator[Database]:
    """With COUNT events. Tests of it look only, or undo what they do."""
    with new_database() as url:
        filled = Database(url)
        filled.generate()
        yield filled
