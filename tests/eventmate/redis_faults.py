"""A Redis of a test's own that is killed, hung and brought back, and caches on it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import redis

from eventmate.settings import services
from loadtests.chaos.servers import RedisServer
from tests.stopwatch import Stopwatch

# What the site promises is three seconds; the rest is for a busy machine.
PATIENCE = 8.0


@contextmanager
def running_redis(folder: Path) -> Iterator[RedisServer]:
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.close()


def on_server(caches: dict[str, Any], server: RedisServer) -> dict[str, Any]:
    """The caches of the settings on this server, for which the site has little patience."""
    return {
        alias: cache
        | {
            "LOCATION": f"{server.url}?db={number}",
            "OPTIONS": deepcopy(services.CACHES[alias]["OPTIONS"]),
        }
        for number, (alias, cache) in enumerate(caches.items())
    }


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def seconds_of(client: redis.Redis, watch: Stopwatch, *, commands: int) -> float:
    start = watch.seconds
    refuse(client, commands=commands)
    return watch.seconds - start


def refuse(client: redis.Redis, *, commands: int) -> None:
    """Send it so many commands, none of which may succeed."""
    for _ in range(commands):
        with pytest.raises((redis.ConnectionError, redis.TimeoutError)):
            client.get("event")
