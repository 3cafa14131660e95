"""What the apps tell of the pages that they share. An app registers it when it is ready."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

Environ = Mapping[str, Any]
Changes = list[tuple[int, str]]


@dataclass
class Registry:
    """``facts`` are, by name, the numbers that hold for a user, such as the events that they keep.
    ``slots`` are texts that come with the request's address, ``notices`` those that wait for the
    visitor: both are HTML. ``visited`` is told of each visit of a page that asks for it.
    ``changes_since`` reads what has changed, by a cursor of psycopg's, since a snapshot. ``heard``
    is told the tags of that before any page is made anew for it.
    """

    facts: dict[str, Callable[[Any], Collection[int]]] = field(default_factory=dict)
    slots: dict[str, Callable[[Environ], str]] = field(default_factory=dict)
    notices: dict[str, Callable[[HttpRequest], str]] = field(default_factory=dict)
    visited: Callable[..., None] = lambda environ: None
    changes_since: Callable[[Any, str | None], tuple[str, Changes]] = lambda cursor, seen: ("", [])
    heard: Callable[[Collection[str]], None] = lambda tags: None


REGISTRY = Registry()
