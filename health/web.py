"""How the web workers are: all of them together, and the one that is asked."""

import logging
import os
from typing import Any

import psutil

from eventmate.metrics.reporting import pool_figures, report
from eventmate.metrics.sharing import process_metrics

logger = logging.getLogger(__name__)


def web_section() -> dict[str, Any]:
    """The word is degraded while a worker has given Redis up for a moment."""
    report()
    try:
        values = {
            (sample.name, *sample.labels.values()): sample.value
            for metric in process_metrics()
            for sample in metric.samples
        }
    except OSError as error:
        logger.warning("The web workers' figures cannot be read: %s", error)
        return {"status": "unknown", "this_worker": _this_worker()}

    def number(*name: str) -> int:
        return int(values.get(name, 0))

    breakers_open = sum(
        value for (name, *_), value in values.items() if name == "eventmate_cache_breakers_open"
    )
    return {
        "status": "degraded" if breakers_open else "ok",
        "workers": number("eventmate_web_workers"),
        "memory_bytes": number("eventmate_web_resident_memory_bytes"),
        "largest_worker_memory_bytes": number("eventmate_web_largest_worker_resident_memory_bytes"),
        "open_files": number("eventmate_web_open_fds"),
        "requests_in_flight": number("eventmate_requests_in_flight"),
        "cache_breakers_open": int(breakers_open),
        "pool": {
            "free": number("eventmate_pool_connections", "free"),
            "used": number("eventmate_pool_connections", "used"),
            "max": number("eventmate_pool_max_connections"),
            "waiting": number("eventmate_pool_waiting"),
        },
        "this_worker": _this_worker(),
    }


def _this_worker() -> dict[str, Any]:
    return {
        "pid": os.getpid(),
        "memory_bytes": psutil.Process().memory_info().rss,
        "pool": pool_figures(),
    }
