"""A site's metrics, as Prometheus reads them."""

import http.client
import time
from collections.abc import Callable

from prometheus_client.parser import text_string_to_metric_families

Values = dict[str, float]


def get(url: str, path: str, **headers: str) -> str:
    """The page, over a connection of its own."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    assert response.status == 200, text
    return text


def scrape(url: str) -> Values:
    """The value of each sample, under its name with the values of its labels in order of names."""
    return {
        ",".join([sample.name, *(value for _, value in sorted(sample.labels.items()))]): (
            sample.value
        )
        for family in text_string_to_metric_families(get(url, "/metrics/"))
        for sample in family.samples
    }


def scrape_until(url: str, condition: Callable[[Values], bool]) -> Values:
    deadline = time.monotonic() + 30
    while not condition(values := scrape(url)):
        assert time.monotonic() < deadline, values
        time.sleep(0.1)
    return values
