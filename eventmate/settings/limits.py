"""How much one client may ask for."""

from eventmate.limits.rates import Rate, parse_rates
from eventmate.settings.services import env

RATE_LIMIT_ENABLED = env.bool("RATE_LIMIT_ENABLED", default=True)


def rates(name: str, default: str) -> tuple[Rate, ...]:
    return parse_rates(name, env.str(name, default=default))


# Requests of one client, by what they ask for (eventmate/limits/scopes.py).
RATE_LIMITS = {
    "default": rates("RATE_LIMIT_DEFAULT", "100/m,1000/h"),
    "files": rates("RATE_LIMIT_FILES", "2000/m,20000/h"),
    "search": rates("RATE_LIMIT_SEARCH", "60/m,600/h"),
    "suggest": rates("RATE_LIMIT_SUGGEST", "300/m,3000/h"),
    "login": rates("RATE_LIMIT_LOGIN", "10/m,60/h"),
    "signup": rates("RATE_LIMIT_SIGNUP", "10/m,30/h"),
    "reset": rates("RATE_LIMIT_RESET", "5/m,20/h"),
    "booking": rates("RATE_LIMIT_BOOKING", "30/m,200/h"),
    "review": rates("RATE_LIMIT_REVIEW", "10/m,30/h"),
    "door": rates("RATE_LIMIT_DOOR", "600/m,12000/h"),
}
# Of which each lets its part of a tenth of a limit through before it asks the others.
WEB_WORKERS = env.int("WEB_CONCURRENCY", default=1)
# Where the cache fails in the middle of a count, it begins anew in memory.
RATELIMIT_FAIL_OPEN = True
# allauth counts tries on one account or address of mail. By visitors' addresses, the limits above
# count them, over all workers at once.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/5m/key",
    "signup": None,
    "reset_password": "5/m/key",
    "reset_password_from_key": None,
}
