from pathlib import Path

from tests.eventmate.machine import bare_environment, run

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
