"""Databases beside the tests' own, copied from one that is migrated once for the whole run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

from loadtests.made_once import made_once
from loadtests.site import run_manage

NAME = "name"


@contextmanager
def new_database() -> Iterator[str]:
    """The URL of a new database: migrated, and with nothing in it."""
    with empty_database(template=migrated_database()) as url:
        yield url


@contextmanager
def empty_database(*, template: str = "template1") -> Iterator[str]:
    """The URL of one that has no tables, or else those of the template."""
    name = f"live_{uuid4().hex}"
    ask_server("CREATE DATABASE {} TEMPLATE {}", name, template)
    yield url_of(name)
    ask_server("DROP DATABASE {} WITH (FORCE)", name)


@cache
def migrated_database() -> str:
    """The name of one that others are copied from: to migrate each would take seconds."""
    return (made_once("database", _migrate_one) / NAME).read_text()


def drop_migrated_database(folder: Path) -> None:
    """Drop that of the processes whose folder it is, if they have made one."""
    made = folder / "database" / NAME
    if made.exists():
        ask_server("DROP DATABASE {}", made.read_text())


def ask_server(statement: str, *names: str) -> None:
    command = psycopg.sql.SQL(statement).format(*map(psycopg.sql.Identifier, names))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(command)


def url_of(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _migrate_one(folder: Path) -> None:
    name = f"live_template_{uuid4().hex}"
    ask_server("CREATE DATABASE {}", name)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "eventmate.settings.local",
        "SECRET_KEY": "only-for-tests",
        "DATABASE_URL": url_of(name),
    }
    run_manage(environment, "migrate", "--verbosity=0")
    (folder / NAME).write_text(name)
