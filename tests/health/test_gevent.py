"""The second within which readiness answers, in a patched process as Gunicorn's workers are."""

import json

from django.db import connection

from tests.health.faults import closed_port, silent_port
from tests.new_process import output_of

ASK = """
from gevent import monkey; monkey.patch_all()
import json, os, sys, time, gevent, django
django.setup()
from django.db import connection
from django.test import Client
from health import checks, connections
from health.probe import Probe

connection.settings_dict["NAME"] = sys.argv[1]
if len(sys.argv) > 2:
    connection.settings_dict.update(HOST="127.0.0.1", PORT=int(sys.argv[2]))
    connection.settings_dict["OPTIONS"].pop("host", None)
    # A check that nobody gives up hangs for as long as the test.
    connections.DATABASE_CONNECT_TIMEOUT = 600
else:
    # What is well is so on a machine that stands still for a while, too.
    connections.DATABASE_CONNECT_TIMEOUT = 20
    checks.database = Probe(checks.postgres_answers, 20)
Client().get("/health/live/")  # imports the pages of the whole site
ticks = 0

def tick():
    global ticks
    while True:
        gevent.sleep(0.01)
        ticks += 1

ticking = gevent.spawn(tick)
started = time.monotonic()
statuses = [task.get() for task in [
    gevent.spawn(lambda: Client().get("/health/ready/").status_code) for _ in range(10)]]
took = time.monotonic() - started
print(json.dumps({"statuses": statuses, "took": took, "ticks": ticks}))
sys.stdout.flush()
os._exit(0)
"""


def ask(*arguments: str) -> dict:
    output = output_of(ASK, connection.settings_dict["NAME"], *arguments)
    return json.loads(output.splitlines()[-1])


def test_ready_in_a_gevent_worker(django_db_setup) -> None:
    assert ask()["statuses"] == [200] * 10


def test_not_ready_in_a_gevent_worker_when_postgres_refuses() -> None:
    with closed_port() as port:
        assert ask(str(port))["statuses"] == [503] * 10


def test_not_ready_within_a_second_in_a_gevent_worker_when_postgres_never_answers() -> None:
    with silent_port() as (port, _):
        answer = ask(str(port))

    assert answer["statuses"] == [503] * 10
    # One second is the promise; one after the other, they would have taken ten.
    assert answer["took"] < 6
    # Meanwhile the worker serves others: a hundred times, or on a busy machine fewer.
    assert answer["ticks"] > 5
