"""Requests that wait for too long, in a process that gevent has patched, on a pool of two."""

import json

from tests.new_process import output_of

REQUESTS = """
import io, json, sys, time
from gevent import monkey; monkey.patch_all()
import os
os.environ.update(DATABASE_POOL_SIZE="2", PAGE_CACHE_MEMORY="0")
# What is late is ended by its deadline alone, on a machine that stands still for a while as well.
from loadtests.site import with_session
os.environ["DATABASE_URL"] = with_session(os.environ["DATABASE_URL"], "-c statement_timeout=60s")
import django
from django.conf import settings
django.setup()
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from eventmate.middleware.body import read_body_first
from eventmate.middleware.connections import release_connections
from eventmate.middleware.deadline import end_late_requests

def select(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]

def at_once(request):
    return HttpResponse(str(select("SELECT 1")))

def sleeping(request):
    time.sleep(30)

def querying(request):
    select("SELECT pg_sleep(30)")

def in_transaction(request):
    with transaction.atomic():
        select("SELECT 1")
        time.sleep(30)

def in_nested_transactions(request):
    with transaction.atomic(), transaction.atomic():
        select("SELECT pg_sleep(30)")

def waiting_again(request):
    try:
        time.sleep(30)
    finally:
        time.sleep(30)

def swallowing_errors(request):
    # What no code of ours does, and a library may.
    try:
        select("SELECT pg_sleep(30)")
    except Exception:
        return HttpResponse("swallowed")

def ask(view, protected=True):
    started = time.monotonic()
    handler = release_connections(read_body_first(view))
    if protected:
        handler = end_late_requests(handler)
    response = handler(RequestFactory().get("/", HTTP_ACCEPT="text/html"))
    return [response.status_code, response.headers.get("Retry-After"), time.monotonic() - started]

def pool():
    stats = connection.pool.get_stats()
    return stats["pool_size"] <= 2 and stats.get("requests_waiting", 0) == 0
"""

LATE = (
    "sleeping",
    "querying",
    "in_transaction",
    "in_nested_transactions",
    "waiting_again",
    "swallowing_errors",
)


def test_late_request_is_ended_and_the_pool_loses_no_connection() -> None:
    script = (
        REQUESTS
        + """
settings.REQUEST_DEADLINE = 0.4
views = [globals()[name] for name in sys.argv[1:]]
# More often than there are connections in the pool.
late = {view.__name__: [ask(view) for _ in range(3)] for view in views}
settings.REQUEST_DEADLINE = 50
print(json.dumps([late, [ask(at_once) for _ in range(5)], pool()]))
"""
    )
    late, afterwards, pool_is_whole = json.loads(output_of(script, *LATE))

    assert list(late) == list(LATE)
    for answers in late.values():
        for status, retry_after, seconds in answers:
            assert (status, retry_after) == (503, "5")
            # By itself the shortest of them ends after thirty.
            assert seconds < 0.4 + 20
    assert [status for status, _, _ in afterwards] == [200] * 5
    assert pool_is_whole


def test_request_that_is_ended_while_it_waits_for_a_connection_takes_none_along() -> None:
    script = (
        REQUESTS
        + """
import gevent
from gevent.event import Event
over, held = Event(), []
def holding(request):
    held.append(select("SELECT 1"))
    over.wait()
    return HttpResponse("held")

settings.REQUEST_DEADLINE = 50
holders = [gevent.spawn(ask, holding) for _ in range(2)]
while len(held) < 2:
    gevent.sleep(0.01)
settings.REQUEST_DEADLINE = 0.4
late = [gevent.spawn(ask, at_once) for _ in range(2)]
gevent.joinall(late)
over.set()
gevent.joinall(holders)
settings.REQUEST_DEADLINE = 50
print(json.dumps([[one.get()[0] for one in late], [ask(at_once) for _ in range(2)], pool()]))
"""
    )
    late, afterwards, pool_is_whole = json.loads(output_of(script))

    assert late == [503, 503]
    assert [status for status, _, _ in afterwards] == [200, 200]
    assert pool_is_whole


def test_without_the_deadline_it_takes_as_long_as_it_takes() -> None:
    script = (
        REQUESTS
        + """
settings.REQUEST_DEADLINE = 0.4
def a_second(request):
    select("SELECT pg_sleep(1)")
    return HttpResponse("late")
print(json.dumps([ask(a_second, protected=False), ask(a_second)]))
"""
    )
    unprotected, protected = json.loads(output_of(script))

    assert unprotected[0] == 200
    assert unprotected[2] >= 1
    assert protected[0] == 503


def test_request_in_time_is_as_it_is() -> None:
    script = (
        REQUESTS
        + """
settings.REQUEST_DEADLINE = 50
def a_moment(request):
    time.sleep(0.1)
    return at_once(request)
print(json.dumps([ask(a_moment) for _ in range(5)]))
"""
    )
    assert [status for status, _, _ in json.loads(output_of(script))] == [200] * 5


def test_what_a_request_takes_to_arrive_is_not_counted() -> None:
    script = (
        REQUESTS
        + """
settings.REQUEST_DEADLINE = 0.5
settings.REQUEST_BODY_TIMEOUT = float(sys.argv[1])

class Slow(io.BytesIO):
    def read(self, size=-1):
        time.sleep(1)
        return super().read(size)

request = RequestFactory().generic("POST", "/", "a=1", "application/x-www-form-urlencoded")
request._stream = Slow(b"a=1")
handler = end_late_requests(read_body_first(lambda request: HttpResponse("read")))
print(handler(request).status_code)
"""
    )
    assert output_of(script, "30").strip() == "200"
    assert output_of(script, "0.2").strip() == "408"
