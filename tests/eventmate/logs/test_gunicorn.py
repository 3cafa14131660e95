from pathlib import Path

from tests.eventmate.machine import bare_environment, run

FORK = """
import runpy, sys
config = runpy.run_path("gunicorn_config.py")
import eventmate.logs.gunicorn
config["post_fork"](None, None)
print(sorted(name for name in sys.modules if name.startswith("eventmate")))
"""


def test_new_worker_takes_no_code_from_a_master_that_may_be_older(tmp_path: Path) -> None:
    done = run("-c", FORK, env=bare_environment(tmp_path))

    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
