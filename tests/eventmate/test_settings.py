"""What the environment decides: documented, complete, and checked at the start."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventmate.embedded.paths import REPOSITORY
from eventmate.environment import SECRETS

READERS = [
    REPOSITORY / "gunicorn_config.py",
    REPOSITORY / "manage.py",
    *(REPOSITORY / "eventmate").rglob("*.py"),
]
# Of the calls that take the name of a variable first.
FUNCTIONS = {"env", "number", "text", "rates"}
NAME = re.compile(r"[A-Z][A-Z0-9_]+")

# The machine's and Django's own, which every Python program reads.
NOT_OURS = {"PATH", "HOME", "TMPDIR", "DJANGO_AUTO_COMPLETE"}

PRODUCTION = {
    "SECRET_KEY": "a-long-random-text-" * 4,
    "ALLOWED_HOSTS": "events.example.org",
    "DATABASE_URL": "postgresql://events@db.example.org/events",
    "PUBLIC_URL": "https://events.example.org",
}


def is_environment(node: ast.expr) -> bool:
    return ast.unparse(node) in {"os.environ", "env"}


def name_argument(node: ast.AST) -> ast.expr | None:
    """What stands where a variable's name is read from the environment."""
    match node:
        case ast.Call(func=ast.Name(id=function), args=[first, *_]) if function in FUNCTIONS:
            return first
        case ast.Call(func=ast.Attribute(attr="getenv"), args=[first, *_]):
            return first
        case ast.Call(func=ast.Attribute(value=owner), args=[first, *_]) if is_environment(owner):
            return first
        case ast.Subscript(value=owner, slice=first, ctx=ast.Load()) if is_environment(owner):
            return first
        case ast.Compare(left=first, ops=[ast.In() | ast.NotIn()], comparators=[owner]):
            return first if is_environment(owner) else None
    return None


def names_read(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        argument = name_argument(node)
        if isinstance(argument, ast.Constant) and NAME.fullmatch(str(argument.value)):
            yield str(argument.value)


def names_documented() -> set[str]:
    """The first column of the table under the README's heading "Configuration"."""
    text = (REPOSITORY / "README.md").read_text()
    section = re.search(r"^(#+) Configuration$(.*?)(?=^\1 |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, "README.md has no section called Configuration"
    cells = re.findall(r"^\|([^|]*)\|", section[2], re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", cell)}


def start(settings: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load settings in a process that has only this environment."""
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=REPOSITORY,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": f"eventmate.settings.{settings}",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_scan_finds_the_ways_in_which_variables_are_read(tmp_path: Path) -> None:
    source = tmp_path / "reader.py"
    source.write_text(
        'env.str("A1"); env("B1"); os.environ["C1"]; os.environ.get("D1"); number("E1", 3)\n'
        '"F1" in os.environ; os.getenv("G1"); os.environ.setdefault("H1", "x")\n'
        'os.environ["WRITTEN"] = "x"; print("SHOUTED"); settings["OTHER"]\n'
    )

    assert sorted(names_read(source)) == ["A1", "B1", "C1", "D1", "E1", "F1", "G1", "H1"]


def test_readme_names_every_variable_that_is_read_and_no_other() -> None:
    read = {name for path in READERS for name in names_read(path)} - NOT_OURS

    assert set(SECRETS) <= read
    assert names_documented() == read | {f"{name}_FILE" for name in SECRETS}


@pytest.mark.parametrize("missing", PRODUCTION)
def test_production_does_not_start_without_what_it_needs(missing: str) -> None:
    complete = start("prod", **PRODUCTION)
    assert complete.returncode == 0, complete.stderr

    incomplete = start("prod", **{k: v for k, v in PRODUCTION.items() if k != missing})
    assert incomplete.returncode != 0
    message = incomplete.stderr.splitlines()[-1]
    assert [name for name in PRODUCTION if name in message] == [missing]


def test_production_names_all_that_is_missing_at_once() -> None:
    message = start("prod").stderr.splitlines()[-1]

    assert message.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert all(name in message for name in PRODUCTION)


def test_empty_value_is_a_missing_one() -> None:
    message = start("prod", **PRODUCTION | {"SECRET_KEY": ""}).stderr.splitlines()[-1]

    assert "SECRET_KEY" in message


@pytest.mark.parametrize("key", ["k" * 60, "a-short-one"])
def test_production_refuses_a_secret_key_that_can_be_guessed(key: str) -> None:
    message = start("prod", **PRODUCTION | {"SECRET_KEY": key}).stderr.splitlines()[-1]

    assert "SECRET_KEY is too short or too plain" in message


def test_local_settings_start_with_nothing_and_keep_their_key(tmp_path: Path) -> None:
    for _ in range(2):
        started = start("local", EVENTMATE_DATA_DIR=str(tmp_path))
        assert started.returncode == 0, started.stderr

    (key,) = tmp_path.glob("secret_key")
    assert len(key.read_text()) > 50
    assert key.stat().st_mode & 0o077 == 0


def database_option(name: str, query: str = "", **environment: str) -> str:
    """Of the production settings, with this query in DATABASE_URL."""
    show = (
        "from django.conf import settings;"
        f"print(settings.DATABASES['default']['OPTIONS'][{name!r}])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", show],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "eventmate.settings.prod"}
        | PRODUCTION
        | {"DATABASE_URL": PRODUCTION["DATABASE_URL"] + query}
        | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return shown.stdout.strip()


def test_options_of_the_database_url_are_kept() -> None:
    assert database_option("sslmode", "?sslmode=verify-full") == "verify-full"


def test_options_of_the_database_url_are_kept_beside_the_deadlines_of_a_pool() -> None:
    options = database_option("options", "?options=-csearch_path=foo", DATABASE_POOL_SIZE="2")

    assert "-c statement_timeout=" in options
    assert options.endswith(" -csearch_path=foo")


def test_commands_wait_longer_for_a_busy_server_than_visitors() -> None:
    of_web = database_option("connect_timeout", DATABASE_POOL_SIZE="2")
    of_commands = database_option("connect_timeout")

    assert int(of_web) < int(of_commands)
    assert database_option("connect_timeout", "?connect_timeout=7") == "7"


@pytest.mark.parametrize("url", ["mysql://events@db.example.org/events", "sqlite:///x", "events"])
def test_other_databases_are_refused_in_one_clear_line(url: str) -> None:
    message = start("prod", **PRODUCTION | {"DATABASE_URL": url}).stderr.splitlines()[-1]

    assert "ImproperlyConfigured: DATABASE_URL must be a postgresql:// URL" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_URL", "smtp://user:s3cr/et@mail.example.org:25x"),
        ("EMAIL_URL", "pigeon://user:s3cr@loft"),
        ("REDIS_URL", "localhost:6379"),
        ("REQUEST_DEADLINE", "0"),
        ("REQUEST_DEADLINE", "nan"),
        ("LAST_COPY_MAX_AGE", "-1"),
    ],
)
def test_value_that_could_not_work_is_refused_by_name(name: str, value: str) -> None:
    refused = start("prod", **PRODUCTION | {name: value})
    assert refused.returncode == 1
    last_line = refused.stderr.splitlines()[-1]
    assert f"ImproperlyConfigured: {name} " in last_line
    assert "s3cr" not in refused.stderr


def test_url_that_cannot_be_read_is_refused_and_its_password_not_shown() -> None:
    url = "postgresql://events:s3/cret@db.example.org/events"
    refused = start("prod", **PRODUCTION | {"DATABASE_URL": url})

    assert "DATABASE_URL cannot be read" in refused.stderr.splitlines()[-1]
    assert "cret@" not in refused.stderr


def test_lost_server_is_given_up_soon_unless_the_url_says_otherwise() -> None:
    assert database_option("tcp_user_timeout", "") == "30000"
    assert database_option("tcp_user_timeout", "?tcp_user_timeout=5000") == "5000"


def test_of_several_servers_the_one_that_can_be_written_to_is_taken() -> None:
    several = {"DATABASE_URL": "postgresql://events@one.example.org,two.example.org/events"}

    assert database_option("target_session_attrs", **several) == "read-write"


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DATABASE_POOL_SIZE", "TRUSTED_PROXIES"]
)
def test_empty_variable_is_as_unset(name: str, tmp_path: Path) -> None:
    started = start("local", EVENTMATE_DATA_DIR=str(tmp_path), **{name: ""})

    assert started.returncode == 0, started.stderr
