from pathlib import Path

from tests.eventmate.gunicorn import gunicorn
from tests.eventmate.machine import bare_environment, run, wait_until

UNPATCHED = "import gunicorn.workers.ggevent; import eventmate.wsgi"
PATCHED = f"from gevent import monkey; monkey.patch_all(); {UNPATCHED}"


def test_gevent_worker_without_the_monkey_patch_is_refused(tmp_path: Path) -> None:
    environment = bare_environment(tmp_path)
    refused = run("-c", UNPATCHED, env=environment)
    assert refused.returncode == 1
    assert "not monkey-patched" in refused.stderr
    assert "gunicorn_config.py" in refused.stderr
    accepted = run("-c", PATCHED, env=environment)
    assert accepted.returncode == 0, accepted.stderr


def test_gunicorn_that_is_refused_says_why_and_stops(tmp_path: Path) -> None:
    environment = bare_environment(tmp_path)
    unpatched = ("--worker-class", "gevent", "--preload", "eventmate.wsgi")
    with gunicorn(tmp_path, *unpatched, env=environment) as refused:
        wait_until(lambda: not refused.process.running)
    assert refused.process.exit_code != 0
    assert "gunicorn -c gunicorn_config.py eventmate.wsgi" in refused.log.read_text()
