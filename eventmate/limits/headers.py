"""What every response tells of the limit that its request was under.

RateLimit and RateLimit-Policy are those of draft-ietf-httpapi-ratelimit-headers-10.
"""

from collections.abc import Sequence

from eventmate.limits.rates import Rate
from eventmate.limits.usage import Usage, tightest


def policy_of(scope: str, rates: Sequence[Rate]) -> str:
    return ", ".join(f'"{scope}-{seconds}s";q={limit};w={seconds}' for limit, seconds in rates)


def limit_headers(usages: Sequence[Usage], policy: str) -> list[tuple[str, str]]:
    """``usages`` are those of one request, and ``policy`` is that of its scope."""
    if not usages:
        return []
    usage = usages[0] if len(usages) == 1 else tightest(usages)
    remaining = str(usage.remaining)
    return [
        ("RateLimit-Policy", policy),
        ("RateLimit", f'"{usage.scope}-{usage.rate.seconds}s";r={remaining};t={usage.reset}'),
        ("X-RateLimit-Limit", str(usage.rate.limit)),
        ("X-RateLimit-Remaining", remaining),
        ("X-RateLimit-Reset", str(usage.end)),
    ]
