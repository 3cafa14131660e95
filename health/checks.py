"""What the site needs, and whether it is there."""

import logging

import psycopg
import redis
from django.conf import settings

from health.connections import CACHE_PATIENCE, connect_to_postgres, redis_client
from health.probe import Probe

DATABASE_PATIENCE = 1.0

logger = logging.getLogger(__name__)


def postgres_answers() -> bool:
    try:
        # A server process has been started and has read the catalogue by the end of this. A query
        # would find no more, and has no deadline where the server hangs.
        connect_to_postgres().close()
    except psycopg.Error as error:
        logger.warning("PostgreSQL does not answer: %s", " ".join(str(error).split()))
        return False
    return True


def redis_answers() -> bool:
    client = redis_client()
    try:
        client.ping()
    except redis.RedisError as error:
        logger.warning("Redis does not answer: %s", error)
        return False
    finally:
        client.close()
    return True


database = Probe(postgres_answers, DATABASE_PATIENCE)
cache = Probe(redis_answers, CACHE_PATIENCE)


def run_checks() -> dict[str, str]:
    """What each service is: ``database`` ok or unavailable, ``cache`` ok, degraded or memory.

    Memory is a site without Redis by choice; degraded is one whose Redis does not answer.
    """
    of_database = database.begin()
    of_cache = cache.begin() if settings.REDIS_URL else None
    return {
        "database": "ok" if of_database.result() else "unavailable",
        "cache": "memory" if of_cache is None else "ok" if of_cache.result() else "degraded",
    }


def overall(checks: dict[str, str]) -> str:
    """The one word for all: ok, degraded (slower, all works) or unavailable."""
    if checks["database"] == "unavailable":
        return "unavailable"
    return "degraded" if checks["cache"] == "degraded" else "ok"
