"""Five hundred people at once who open a page that no worker has."""

import http.client
import secrets
import time
from urllib.parse import urlsplit

from loadtests.site import LiveSite
from tests.eventmate.metrics.scrape import Values, scrape, scrape_until
from tests.eventmate.pages import scene
from tests.eventmate.pages.insider import Insider
from tests.eventmate.pages.visitors import AT_ONCE, Visitor

CLIENTS, WORKERS = 500, 2
MADE = "eventmate_cache_lookups_total,shared page,miss"
QUERIES = "eventmate_database_queries_total,events:detail"
KEPT, BYTES = "eventmate_pages_kept", "eventmate_pages_bytes"


def event_nobody_has_seen(insider: Insider) -> str:
    mark = secrets.token_hex(4)
    insider(scene.put_up, mark)
    time.sleep(AT_ONCE)  # no worker hears of that later
    return f"/event/jazz-{mark}/"


def rush(site: LiveSite, path: str) -> list[tuple[int, bytes]]:
    """The answers to all: each has asked before the first is read."""
    address = urlsplit(site.url).netloc
    connections = [http.client.HTTPConnection(address, timeout=90) for _ in range(CLIENTS)]
    for connection in connections:
        connection.connect()
    for connection in connections:
        connection.request("GET", path)
    answers = []
    for connection in connections:
        response = connection.getresponse()
        answers.append((response.status, response.read()))
        connection.close()
    return answers


def grown(before: Values, after: Values, name: str) -> float:
    return after[name] - before.get(name, 0)


def test_page_is_rendered_once_in_each_worker_whoever_else_asks(
    site: LiveSite, insider: Insider
) -> None:
    path = event_nobody_has_seen(insider)
    before = scrape(site.url)
    answers = rush(site, path)
    after = scrape(site.url)

    assert len(answers) == CLIENTS
    assert {status for status, _ in answers} == {200}
    assert len({body for _, body in answers}) == 1
    assert 1 <= grown(before, after, MADE) <= WORKERS
    assert 0 < grown(before, after, QUERIES) < CLIENTS / 10


def test_metrics_tell_how_many_pages_all_workers_have_and_what_they_take(
    site: LiveSite, insider: Insider
) -> None:
    path = event_nobody_has_seen(insider)
    before = scrape(site.url)
    asked = [f"{path.replace('event/jazz', 'city/city')}?made-up={n}" for n in range(10)]
    sizes = [len(Visitor(site).get(address).body) for address in asked]

    told = scrape_until(site.url, lambda values: values[KEPT] - before[KEPT] >= len(asked))

    assert grown(before, told, BYTES) >= sum(sizes)
