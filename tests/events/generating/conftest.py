"""The command as an operator runs it: a process of its own, on a database of its own."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from eventmate.embedded.paths import REPOSITORY
from tests.databases import empty_database, new_database

LISTED_AT_ONCE = 5_000
COUNT = 2 * LISTED_AT_ONCE + 1_000
# manage.py, with listings that are made of few events at once.
MANAGE = f"""
if __name__ == "__main__":
    import manage
    from events.generating import filling

    filling.LISTED_AT_ONCE = {LISTED_AT_ONCE}
    manage.main()
"""
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
        command = self.start(*arguments, stdout=-1, stderr=-1)
        output, errors = command.communicate()
        assert command.returncode == 0, (output + errors).decode()
        return output.decode()

    def generate(self, *options: str) -> str:
        return self.manage("generate_events", str(COUNT), "--today", str(TODAY), *options)

    def start(
        self, *arguments: str, more: Mapping[str, str] | None = None, **options: Any
    ) -> subprocess.Popen[bytes]:
        """``more`` is for its environment."""
        return subprocess.Popen(
            [sys.executable, "-c", MANAGE, *arguments],
            cwd=REPOSITORY,
            env=self.environment | dict(more or {}),
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
def begun_name() -> Iterator[str]:
    """Of one to copy."""
    with new_database() as url:
        Database(url).manage("generate_events", "1")
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture
def begun(begun_name: str) -> Iterator[Database]:
    """With one event, and all that events refer to."""
    with empty_database(template=begun_name) as url:
        yield Database(url)


@pytest.fixture(scope="module")
def filled() -> Iterator[Database]:
    """With COUNT events. Tests of it look only, or undo what they do."""
    with new_database() as url:
        filled = Database(url)
        filled.generate()
        yield filled
