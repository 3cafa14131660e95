"""A visitor who reads slowly holds no connection to the database."""

import json

import pytest

from tests.new_process import output_of

REQUESTS = """
import json, os, sys
from gevent import monkey; monkey.patch_all()
os.environ["DATABASE_POOL_SIZE"] = "1"
import django
django.setup()
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from eventmate.middleware.connections import release_connections

def query():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")

def page(request):
    query()
    return HttpResponse("a page")

def failing(request):
    query()
    raise SystemExit

def lines():
    query()
    yield "a line"

def export(request):
    query()
    return StreamingHttpResponse(lines())

def free():
    return connection.pool.get_stats()["pool_available"]

query()
connection.close()
view = globals()[sys.argv[1]]
handler = release_connections(view) if sys.argv[2] == "on" else view
try:
    response = handler(RequestFactory().get("/"))
    when_made = free()
    list(response)
except SystemExit:
    when_made = free()
print(json.dumps([when_made]))
"""


@pytest.mark.parametrize("view", ["page", "failing"])
def test_connection_is_free_before_the_response_is_sent(view: str) -> None:
    assert json.loads(output_of(REQUESTS, view, "off")) == [0]
    assert json.loads(output_of(REQUESTS, view, "on")) == [1]


def test_streaming_response_keeps_its_connection() -> None:
    assert json.loads(output_of(REQUESTS, "export", "on")) == [0]
