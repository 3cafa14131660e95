"""Libraries that Gunicorn's master imports for its workers."""

import json
from pathlib import Path

from eventmate.preloading import LIBRARIES
from loadtests.site import answers
from tests.eventmate.gunicorn import gunicorn
from tests.eventmate.machine import bare_environment, run, wait_until
from tests.eventmate.metrics.scrape import get
from tests.eventmate.test_gunicorn_config import NO_DATABASE

PATCHED = "from gevent import monkey; monkey.patch_all()\nfrom eventmate import preloading\n"
MASTER = PATCHED + "preloading.preload()\n"
# The addresses name the pages, which are imported with the first request.
WORKER = PATCHED + "import eventmate.wsgi, eventmate.urls\n"
SHOW = "import json, sys; print(json.dumps(list(filter({condition}, list(sys.modules)))))"
OURS = ("accounts", "bookings", "events", "health", "eventmate.settings", "eventmate.wsgi")
# The master finds libraries in `site`, where another one has been installed by the time that it
# forks; the worker then tells which it still has, and answers a request with what it imports anew.
WORKER_AFTER_UPGRADE = """
from pathlib import Path
site = Path({site!r})
preloading._folders = (lambda folders: lambda: folders | {{site}})(preloading._folders())
preloading.preload()
import django.forms
old = django.forms
site.joinpath("django-99.0.dist-info").mkdir()
preloading.forget_unless_current()
from eventmate.wsgi import application
from django import forms
from django.test import Client
assert forms is not old
answer = Client().get("/health/live/", headers={{"host": "localhost"}})
assert answer.status_code == 200, answer.content
"""


def modules(script: str, folder: Path, condition: str = "preloading.is_library") -> set[str]:
    """Those that a process has after it has run the script."""
    show = SHOW.format(condition=condition)
    done = run("-c", script + show, env=bare_environment(folder, DATABASE_URL=NO_DATABASE))
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_most_libraries_of_a_worker_are_preloaded_and_none_that_it_does_not_need(
    tmp_path: Path,
) -> None:
    needed, shared = modules(WORKER, tmp_path), modules(MASTER, tmp_path)
    assert set(LIBRARIES) <= needed
    assert len(needed & shared) > 0.8 * len(needed)


def test_neither_settings_nor_the_sites_own_code_are(tmp_path: Path) -> None:
    everything = modules(MASTER, tmp_path, condition="None")
    assert "django.conf" in everything
    assert [name for name in everything if name.startswith(OURS)] == []


def test_workers_have_them_without_importing_any(tmp_path: Path) -> None:
    arguments = ("-c", "gunicorn_config.py", "tests.eventmate.about_worker")
    environment = bare_environment(tmp_path, WEB_CONCURRENCY="1", DATABASE_URL=NO_DATABASE)
    with gunicorn(tmp_path, *arguments, env=environment) as server:
        wait_until(lambda: answers(server.url))
        assert get(server.url, "/").split() == list(LIBRARIES)


def test_worker_imports_anew_what_was_installed_since(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    script = PATCHED + WORKER_AFTER_UPGRADE.format(site=str(site))
    done = run("-c", script, env=bare_environment(tmp_path, DATABASE_URL=NO_DATABASE))
    assert done.returncode == 0, done.stderr
