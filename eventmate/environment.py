"""The environment, as all that is configured by it reads it.

An empty variable is an unset one. A secret may be in a file instead, which NAME_FILE names.
"""

import os
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

SECRETS = (
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "CLOUDINARY_URL",
    "OPERATOR_TOKEN",
    "SENTRY_DSN",
)
Number = TypeVar("Number", int, float)

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


def is_set(name: str) -> bool:
    """Tell whether the variable, or the file of a secret, is given."""
    return bool(os.environ.get(name) or _file_of(name))


def read(name: str) -> str | None:
    """Return the value of a variable, None if it is unset.

    Raises ImproperlyConfigured where a secret's file cannot be read, or it is given in both ways.
    """
    value = os.environ.get(name) or None
    path = _file_of(name)
    if path is None:
        return value
    if value is not None:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: keep one of them.")
    try:
        content = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read ({reason}).") from error
    if not content:
        raise ImproperlyConfigured(f"{name}_FILE: {path} is empty.")
    return content


def _file_of(name: str) -> str | None:
    return (os.environ.get(f"{name}_FILE") or None) if name in SECRETS else None


def _yes_or_no(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError(text)
    return text.lower() in YES


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _networks(text: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network(item) for item in _items(text)]


# What a value is turned into, and what it must be for that.
KINDS: dict[Any, tuple[Callable[[str], Any], str]] = {
    str: (str, "text"),
    int: (int, "a whole number"),
    float: (float, "a number"),
    bool: (_yes_or_no, "1 or 0"),
    list: (_items, "a list with commas between"),
    ip_network: (_networks, "addresses or networks, with commas between"),
}


class Environment(environ.Env):
    """django-environ's, with the rules above; and no value is taken for another variable's name
    because it begins with a dollar sign, as a secret may.
    """

    def networks(self, var: str) -> list[IPv4Network | IPv6Network]:
        return self.get_value(var, cast=ip_network, default=[])

    def at_least(self, var: str, least: Number, *, default: Number) -> Number:
        """A number of the same kind as both others."""
        value: Number = self.get_value(var, cast=type(default), default=default)
        if not value >= least:  # as nothing that is no number is
            raise ImproperlyConfigured(f"{var} must be {least} or more, not {value}.")
        return value

    def get_value(
        self,
        var: str,
        cast: Any = None,
        default: Any = environ.Env.NOTSET,
        parse_default: bool = False,
    ) -> Any:
        text = read(var)
        if text is None:
            if default is self.NOTSET:
                raise ImproperlyConfigured(f"Set {var} in the environment.")
            return default
        parse, kind = KINDS[cast or str]
        try:
            return parse(text)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} must be {kind}, not {text!r}.") from error
