import os
import shutil
import subprocess
from pathlib import Path

import pytest

from eventmate.embedded.paths import REPOSITORY


@pytest.fixture
def fresh_clone(tmp_path: Path) -> Path:
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("")
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("make")
    assert program
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    return subprocess.run(
        [program, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def fake_python(folder: Path, script: str) -> str:
    fake = folder / "fake-python"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    return f"PYTHON={fake}"


def test_python_too_old_is_one_clear_line(fresh_clone: Path) -> None:
    refused = make(fresh_clone, "run", fake_python(fresh_clone, "echo 3.9"))
    said = [line for line in refused.stderr.splitlines() if not line.startswith("make")]
    assert refused.returncode != 0
    assert len(said) == 1
    assert "needs Python 3.11 or later" in said[0]
    assert "(3.9)" in said[0]
    assert not (fresh_clone / ".venv").exists()


def test_python_without_venv_is_one_clear_line(fresh_clone: Path) -> None:
    script = 'case "$*" in *venv*) exit 1;; *) echo 3.11;; esac'
    refused = make(fresh_clone, "run", fake_python(fresh_clone, script))
    said = [line for line in refused.stderr.splitlines() if not line.startswith("make")]
    assert refused.returncode != 0
    assert len(said) == 1
    assert "python3-venv" in said[0]


def test_second_run_installs_nothing_until_requirements_change(fresh_clone: Path) -> None:
    first = make(fresh_clone, ".venv/installed")
    assert "Installing" in first.stdout, first.stderr
    second = make(fresh_clone, ".venv/installed")
    assert "Installing" not in second.stdout
    later = (fresh_clone / ".venv" / "installed").stat().st_mtime + 10
    os.utime(fresh_clone / "requirements.txt", (later, later))
    third = make(fresh_clone, ".venv/installed")
    assert "Installing" in third.stdout


def test_help_lists_every_target(fresh_clone: Path) -> None:
    shown = make(fresh_clone, "help").stdout
    for target in ("run", "dev", "test", "check", "format", "requirements"):
        assert f"make {target} " in shown
