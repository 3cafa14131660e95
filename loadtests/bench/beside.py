"""The site, and beside it, in the same workers, what its pages are compared with: a bare reply of
the server (`/bare/<bytes>`), and a plain view behind all middleware (`/plain/<bytes>/`).
"""

import os
from functools import lru_cache
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "loadtests.bench.beside_settings"

from eventmate.wsgi import application as site

BARE = "/bare/"
# As many as a page has, and about as long.
HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Vary", "Cookie, Accept-Encoding"),
    ("RateLimit-Policy", '"default-60s";q=100;w=60, "default-3600s";q=1000;w=3600'),
    ("RateLimit", '"default-60s";r=99;t=36'),
    ("X-RateLimit-Limit", "100"),
    ("X-RateLimit-Remaining", "99"),
    ("X-RateLimit-Reset", "1795318329"),
    ("x-noise", "48sxJdARmOlOsER9n5MnLGoNGd_PA3c_Evh6DsTzhh3qKq2f5I461Klr7nni"),
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", "default-src 'self'; object-src 'none'; form-action 'self'"),
    ("Permissions-Policy", ", ".join(f"feature-{number}=()" for number in range(25))),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Server-Timing", 'total;dur=45.1, db;dur=21.3;desc="10 queries"'),
    ("X-Process-Time", "0.0451"),
    ("X-Request-ID", "23fc1335c188e77b"),
]


def application(environ: dict[str, Any], start_response: Any) -> Any:
    path = environ["PATH_INFO"]
    if not path.startswith(BARE):
        return site(environ, start_response)
    body = body_of(int(path.removeprefix(BARE)))
    start_response("200 OK", [*HEADERS, ("Content-Length", str(len(body)))])
    return [body]


@lru_cache
def body_of(size: int) -> bytes:
    return b"x" * size
