"""Which pages take files, and so more than a form's worth of bytes."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def takes_uploads(most_bytes: int) -> Callable[[View], View]:
    """Let a view have bodies of that size, all of a form's files together."""

    def mark(view: View) -> View:
        vars(view)["largest_upload"] = most_bytes
        return view

    return mark


def largest_upload(view: Callable[..., Any]) -> int:
    return getattr(view, "largest_upload", 0)
