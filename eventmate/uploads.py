"""Which pages take files, and so more than a form's worth of bytes; and how files are shown."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.static import serve

View = TypeVar("View", bound=Callable[..., Any])


def takes_uploads(most_bytes: int) -> Callable[[View], View]:
    """Let a view have bodies of that size, all of a form's files together."""

    def mark(view: View) -> View:
        vars(view)["largest_upload"] = most_bytes
        return view

    return mark


def largest_upload(view: Callable[..., Any]) -> int:
    return getattr(view, "largest_upload", 0)


def serve_upload(request: HttpRequest, path: str) -> HttpResponseBase:
    """From the disk. A picture that changes gets another name, so browsers need not ask again."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    patch_cache_control(response, public=True, immutable=True, max_age=365 * 24 * 60 * 60)
    return response
