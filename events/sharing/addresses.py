"""The one address that each public page goes by."""

from collections.abc import Mapping
from urllib.parse import urlencode, urljoin

from django.conf import settings


def public_address(path: str, query: Mapping[str, object] | None = None) -> str:
    """Of a path on this site as everybody reaches it, or of an upload that is elsewhere.

    The query holds what makes another page of it, in an order that is always the same.
    """
    address = urljoin(f"{settings.PUBLIC_URL}/", path)
    return f"{address}?{urlencode(query, doseq=True)}" if query else address
