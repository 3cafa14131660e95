"""The limiter of this process, as the settings have it."""

from functools import cache

from django.conf import settings

from eventmate.limits.limiter import Limiter
from eventmate.limits.redis_counts import RedisCounts


@cache
def site_limiter() -> Limiter:
    return Limiter(
        settings.RATE_LIMITS,
        counts=RedisCounts() if settings.REDIS_URL else None,
        workers=settings.WEB_WORKERS,
        # To connect, and for the answer.
        patience=2.5 * settings.REDIS_TIMEOUT,
    )
