"""What logs do not keep: addresses of people, secrets, what somebody searched for.

Lines are written by many libraries, and what they quote is not theirs to know. So each text is
looked through before it is written.
"""

import re
from typing import Any

# Of addresses on this site, those that go on with something that opens a page, or names somebody.
PRIVATE_PREFIXES = (
    "accounts",
    "admin",
    "bookings",
    "follows",
    "hosting",
    "reviews",
    "searches",
    "tickets",
    "waiting",
)

HIDDEN = "…"

# Parts have a greatest length: a long text must not take long.
_EMAIL = r"[\w.+%-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_WORD = r"[\w'.-]{1,40}"

# What is looked for, what has to be in a text for it to be there at all, and what replaces it.
_PATTERNS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    # PostgreSQL quotes rows and literals.
    (
        "DETAIL:",
        re.compile(r"DETAIL:.*?(?=\n(?:CONTEXT|HINT):|\n\n(?:The above|During handling)|\Z)", re.S),
        f"DETAIL: {HIDDEN}",
    ),
    ("LINE ", re.compile(r"\bLINE \d+: .*(?:\n *\^)?"), f"LINE {HIDDEN}"),
    ("://", re.compile(r"://[^\s/@]{0,200}@"), f"://{HIDDEN}@"),
    (
        "<",
        re.compile(rf'(?:"[^"\n]{{1,100}}" ?|{_WORD}(?: {_WORD}){{0,3}} )?<{_EMAIL}>'),
        "[e-mail]",
    ),
    ("@", re.compile(_EMAIL), "[e-mail]"),
    ("%40", re.compile(_EMAIL), "[e-mail]"),
    (
        "/",
        # At the start of a path: in a traceback, the folders of the source have these names too.
        re.compile(
            rf"((?:https?://[^/\s\"'<>]+|(?<![\w./-]))/(?:{'|'.join(PRIVATE_PREFIXES)})/)"
            r"[^\s\"'<>?#]+",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    ("?", re.compile(r"(?<=[\w/…])\?[^\s\"'<>=]{0,200}=[^\s\"'<>]*"), f"?{HIDDEN}"),
    # Gunicorn quotes the header that it cannot read.
    ("Invalid request from", re.compile(r"(Invalid request) from .*", re.S), r"\1"),
    (
        "=",
        re.compile(
            r"(?i)\b(access|authorization|cookie|password|secret|sessionid|token)=[^\s,;&]+"
        ),
        rf"\1={HIDDEN}",
    ),
    # Session keys, signatures and tokens of all kinds; and codes of tickets.
    ("", re.compile(r"(?<![\w/-])(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{30,}(?![\w-])"), HIDDEN),
    ("", re.compile(r"(?<![\w-])(?=[A-Z]*\d)[0-9A-HJKMNP-TV-Z]{16}(?![\w-])"), HIDDEN),
)
_SHORTEST_SECRET = 16

# Stands for the route while the rest of a text is looked through.
_ROUTE = "\N{OBJECT REPLACEMENT CHARACTER}"


def scrub(value: Any) -> Any:
    """The value without what logs do not keep; what is no plain data becomes text first."""
    if isinstance(value, str):
        return scrub_text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {scrub_text(str(key)): scrub(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [scrub(one) for one in value]
    return scrub_text(str(value))


def scrub_text(text: str) -> str:
    for sign, pattern, instead in _PATTERNS:
        if sign in text and (sign or len(text) >= _SHORTEST_SECRET):
            text = pattern.sub(instead, text)
    return text


def scrub_message(text: str, request: Any) -> str:
    """The text of a line, which names the route of its request instead of the path."""
    path = getattr(request, "path", "/")
    if path == "/" or "/" not in text:
        return scrub_text(text)
    # Django escapes what it quotes.
    for written in (path, path.encode("unicode_escape").decode("ascii")):
        text = text.replace(written, _ROUTE)
    return scrub_text(text).replace(_ROUTE, shown_path(request))


def shown_path(request: Any) -> str:
    """The pattern of the request's URL; where there is none, its path if that holds no secret."""
    if match := request.resolver_match:
        return f"/{match.route}"
    first, _, rest = request.path.lstrip("/").partition("/")
    if rest and first.lower() in PRIVATE_PREFIXES:
        return f"/{first}/{HIDDEN}"
    return scrub_text(request.path)
