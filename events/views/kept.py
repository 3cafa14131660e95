"""Documents that others keep, and ask for again."""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control


def kept_response(
    request: HttpRequest, content: bytes, *, content_type: str, max_age: int
) -> HttpResponseBase:
    """The content, or that whoever asks has it already. Others may keep it for ``max_age`` seconds
    without asking.
    """
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(content, content_type=content_type)
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=max_age)
    return response
