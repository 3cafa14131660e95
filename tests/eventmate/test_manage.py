import os
import subprocess
import sys
from pathlib import Path

import pytest

from eventmate.embedded import paths, postgres
from eventmate.embedded.paths import REPOSITORY
from tests.eventmate.machine import bare_environment, run, running

ASK = "from django.db import connection as c; x = c.cursor(); x.execute('SHOW data_directory')"


def manage(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return run("manage.py", *arguments, env=bare_environment(data, **settings))


def test_command_without_any_environment_starts_and_stops_the_embedded_server(
    service_folder: Path,
) -> None:
    asked = manage(service_folder, "shell", "--no-imports", "-c", f"{ASK}; print(x.fetchone()[0])")
    assert asked.stdout.strip() == str(service_folder / "postgres"), asked.stderr
    assert running("bin/postgres", str(service_folder)) == []


def test_empty_urls_are_as_unset(service_folder: Path) -> None:
    asked = manage(
        service_folder, "shell", "--no-imports", "-c", ASK, DATABASE_URL="", REDIS_URL=""
    )
    assert asked.returncode == 0, asked.stderr
    assert (service_folder / "postgres").exists()


def test_command_joins_a_running_server_and_leaves_it(
    service_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENTMATE_DATA_DIR", str(service_folder))
    with postgres.joined(paths.make_data_dir()):
        (server,) = running("bin/postgres", str(service_folder))
        asked = manage(service_folder, "shell", "--no-imports", "-c", ASK)
        assert asked.returncode == 0, asked.stderr
        assert running("bin/postgres", str(service_folder)) == [server]


def test_command_uses_the_database_that_it_is_given(service_folder: Path) -> None:
    given = os.environ["DATABASE_URL"]
    asked = manage(service_folder, "shell", "--no-imports", "-c", ASK, DATABASE_URL=given)
    assert asked.returncode == 0, asked.stderr
    assert not (service_folder / "postgres").exists()


def test_production_never_gets_the_embedded_server(service_folder: Path) -> None:
    refused = manage(
        service_folder, "migrate", DJANGO_SETTINGS_MODULE="eventmate.settings.prod", SECRET_KEY="k"
    )
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert "DATABASE_URL" in line
    assert not (service_folder / "postgres").exists()


def test_database_that_is_named_in_a_file_is_used(service_folder: Path) -> None:
    secret = service_folder / "database_url"
    secret.write_text(os.environ["DATABASE_URL"])
    asked = manage(
        service_folder, "shell", "--no-imports", "-c", ASK, DATABASE_URL_FILE=str(secret)
    )
    assert asked.returncode == 0, asked.stderr
    assert not (service_folder / "postgres").exists()


@pytest.mark.parametrize("arguments", [["help"], ["version"], ["migrate", "--help"], []])
def test_command_that_needs_no_database_starts_none(
    service_folder: Path, arguments: list[str]
) -> None:
    done = manage(service_folder, *arguments)
    assert done.returncode == 0, done.stderr
    assert not (service_folder / "postgres").exists()


def test_data_directory_that_cannot_be_written_is_one_clear_line(service_folder: Path) -> None:
    (service_folder / "file").write_text("")
    refused = manage(service_folder / "file" / "data", "migrate")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "cannot be written" in refused.stderr


def test_python_without_the_dependencies_is_one_clear_line(service_folder: Path) -> None:
    refused = subprocess.run(
        [sys.executable, "-I", "-S", str(REPOSITORY / "manage.py"), "migrate"],
        env=bare_environment(service_folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "django is not installed" in refused.stderr
    assert "make run" in refused.stderr
