"""What Prometheus is told at /metrics/ of what the database knows."""

import logging
from collections.abc import Iterator

from django.db import Error
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

logger = logging.getLogger(__name__)


class Registry:
    """Collectors that read the database when Prometheus asks.

    An app registers, when it is ready, what has a ``collect()`` that yields metrics. What a process
    counts as it goes is an instrument (instruments.py): those of all web workers are added up,
    where a number of one process would jump from one scrape to the next.

    A collector whose query fails costs only what it tells, and a line in the log. While PostgreSQL
    does not answer, none is asked.
    """

    def __init__(self) -> None:
        self._collectors: list[Collector] = []

    def register(self, collector: Collector) -> None:
        self._collectors.append(collector)

    def collect(self) -> Iterator[Metric]:
        for collector in self._collectors:
            try:
                metrics = list(collector.collect())
            except Error as error:
                reason = " ".join(str(error).split())
                logger.warning("No metrics of %s: %s", type(collector).__name__, reason)
            else:
                yield from metrics


REGISTRY = Registry()
