"""How variables are read, in settings that a process of its own loads."""

from pathlib import Path

import pytest

from tests.eventmate.machine import bare_environment, run

SHOW = """
import django
django.setup()
from django.conf import settings
print(settings.{})
"""
KEY = "a-long-$random-text-" * 4


def shown(setting: str, folder: Path, **variables: str) -> str:
    done = run("-c", SHOW.format(setting), env=local(folder, **variables))
    assert done.returncode == 0, done.stderr
    return done.stdout.removesuffix("\n")


def refused(folder: Path, **variables: str) -> str:
    """The one line that manage.py ends with."""
    done = run("manage.py", "check", env=local(folder, **variables))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    return line


def local(folder: Path, **variables: str) -> dict[str, str]:
    settings = {"DJANGO_SETTINGS_MODULE": "eventmate.settings.local"}
    return bare_environment(folder, **settings | variables)


def test_secret_is_taken_from_the_file_that_a_variable_names(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    assert shown("SECRET_KEY", tmp_path, SECRET_KEY_FILE=str(file)) == KEY


def test_secret_that_begins_with_a_dollar_sign_is_taken_as_it_is(tmp_path: Path) -> None:
    assert shown("SECRET_KEY", tmp_path, SECRET_KEY=f"$HOME{KEY}") == f"$HOME{KEY}"


def test_secret_in_both_ways_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY)
    line = refused(tmp_path, SECRET_KEY=KEY, SECRET_KEY_FILE=str(file))
    assert line == "SECRET_KEY and SECRET_KEY_FILE are both set: keep one of them."


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    line = refused(tmp_path, REDIS_URL_FILE=str(tmp_path / "nowhere"))
    assert line.startswith(f"REDIS_URL_FILE: {tmp_path / 'nowhere'} cannot be read (No such file")


def test_empty_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("\n")
    assert (
        refused(tmp_path, OPERATOR_TOKEN_FILE=str(file)) == f"OPERATOR_TOKEN_FILE: {file} is empty."
    )


def test_only_secrets_are_taken_from_files(tmp_path: Path) -> None:
    file = tmp_path / "prefix"
    file.write_text("from-a-file")
    prefix = shown("CACHES['default'].get('KEY_PREFIX')", tmp_path, CACHE_KEY_PREFIX_FILE=str(file))
    assert prefix != "from-a-file"


def test_spaces_in_a_list_are_no_part_of_what_it_lists(tmp_path: Path) -> None:
    hosts = shown("ALLOWED_HOSTS[-2:]", tmp_path, ALLOWED_HOSTS="one.example, two.example,")
    assert hosts == "['one.example', 'two.example']"


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("DATABASE_POOL_SIZE", "ten", "a whole number"),
        ("REQUEST_DEADLINE", "10s", "a number"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy", "addresses or networks, with commas between"),
    ],
)
def test_value_of_the_wrong_kind_is_named_in_one_line(
    tmp_path: Path, name: str, value: str, kind: str
) -> None:
    assert refused(tmp_path, **{name: value}) == f"{name} must be {kind}, not {value!r}."


def test_command_says_where_a_refusal_comes_from_when_asked(tmp_path: Path) -> None:
    environment = local(tmp_path, DATABASE_POOL_SIZE="ten")
    done = run("manage.py", "check", "--traceback", env=environment)
    assert "Traceback" in done.stderr
