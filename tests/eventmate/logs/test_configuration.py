"""What the environment decides of logs, in new processes."""

import json
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from eventmate.embedded.paths import REPOSITORY
from tests.eventmate.machine import bare_environment
from tests.eventmate.test_settings import PRODUCTION as NEEDED

PRODUCTION = {
    **NEEDED,
    "DJANGO_SETTINGS_MODULE": "eventmate.settings.prod",
    "SECRET_KEY": secrets.token_urlsafe(50),
}
SPEAK = """
import django; django.setup()
import logging
for name in ("eventmate.access", "bookings.services", "django.request", "django.db.backends"):
    for level in (logging.DEBUG, logging.INFO, logging.WARNING):
        logging.getLogger(name).log(level, "said", extra={"status": 200})
"""
USUAL = {
    *[("eventmate.access", "info"), ("eventmate.access", "warning")],
    *[("bookings.services", "info"), ("bookings.services", "warning")],
    *[("django.request", "warning"), ("django.db.backends", "warning")],
}


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=REPOSITORY,
        env=bare_environment(folder, **environment),
        capture_output=True,
        text=True,
        check=False,
    )


def said(folder: Path, **environment: str) -> set[tuple[str, str]]:
    """The loggers and levels that are heard."""
    spoken = run(folder, "-c", SPEAK, **environment)
    assert spoken.returncode == 0, spoken.stderr
    lines = [json.loads(line) for line in spoken.stderr.splitlines()]
    return {(line["logger"], line["level"]) for line in lines}


def test_production_writes_json(tmp_path: Path) -> None:
    assert said(tmp_path, **PRODUCTION) == USUAL


def test_other_ways_of_running_write_for_people(tmp_path: Path) -> None:
    for settings in ("local", "dev"):
        spoken = run(tmp_path, "-c", SPEAK, DJANGO_SETTINGS_MODULE=f"eventmate.settings.{settings}")
        assert "] said [bookings.services] status=200\n" in spoken.stderr


def test_format_may_be_chosen(tmp_path: Path) -> None:
    spoken = run(
        tmp_path, "-c", SPEAK, LOG_FORMAT="json", DJANGO_SETTINGS_MODULE="eventmate.settings.local"
    )

    assert json.loads(spoken.stderr.splitlines()[0])["message"] == "said"


def test_access_log_may_be_off(tmp_path: Path) -> None:
    expected = {(name, level) for name, level in USUAL if name != "eventmate.access"}

    assert said(tmp_path, ACCESS_LOG="0", **PRODUCTION) == expected


def test_level_is_of_our_own_lines_and_lets_no_query_out(tmp_path: Path) -> None:
    detailed = said(tmp_path, LOG_LEVEL="debug", **PRODUCTION)
    assert detailed == USUAL | {("bookings.services", "debug")}

    quiet = said(tmp_path, LOG_LEVEL="ERROR", ACCESS_LOG="0", **PRODUCTION)
    assert quiet == set()


@pytest.mark.parametrize("name", ["LOG_FORMAT", "LOG_LEVEL", "ACCESS_LOG"])
def test_word_that_is_not_known_is_refused(tmp_path: Path, name: str) -> None:
    refused = run(
        tmp_path, "-c", SPEAK, DJANGO_SETTINGS_MODULE="eventmate.settings.local", **{name: "loud"}
    )

    assert refused.returncode != 0
    assert f"ImproperlyConfigured: {name} is one of " in refused.stderr


def test_what_a_command_prints_is_free_of_log_lines(tmp_path: Path) -> None:
    script = "import logging; logging.getLogger('bookings').info('said'); print('printed')"
    shell = run(
        tmp_path,
        *("manage.py", "shell", "--verbosity=0", "-c", script),
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
        DJANGO_SETTINGS_MODULE="eventmate.settings.local",
    )

    assert shell.stdout == "printed\n"
    assert "said" in shell.stderr
