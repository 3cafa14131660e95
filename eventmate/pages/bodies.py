"""What is sent of a page: how it is compressed, and whether the visitor has it already."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django_http_compression.middleware import best_coding

from eventmate.pages.page import Values, Variant

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Body:
    status: HTTPStatus
    content: bytes
    headers: Headers
    is_private: bool


def body_for(
    environ: Mapping[str, Any], variant: Variant, values: Values, *, is_private: bool
) -> Body:
    coding, takes_gzip = codings(environ.get("HTTP_ACCEPT_ENCODING", "")[:200])
    if variant.tells_facts and not is_asked_by_visitor(environ):
        coding, takes_gzip = "identity", False
    if variant.is_same_for_all(values):
        return common(environ, variant, coding, is_private=is_private)
    if not takes_gzip:
        content = variant.content(values)
        return Body(HTTPStatus.OK, content, [length(content)], is_private)
    content = variant.spliced_body(values)
    return Body(HTTPStatus.OK, content, [length(content), ("Content-Encoding", "gzip")], is_private)


def common(environ: Mapping[str, Any], variant: Variant, coding: str, *, is_private: bool) -> Body:
    etag = f'"{variant.etag}-{coding}"'
    if has_already(environ, etag):
        return Body(HTTPStatus.NOT_MODIFIED, b"", [("ETag", etag)], is_private)
    content = variant.common_body(coding)
    headers = [length(content), ("ETag", etag)]
    if coding != "identity":
        headers.append(("Content-Encoding", coding))
    return Body(HTTPStatus.OK, content, headers, is_private)


def length(content: bytes) -> tuple[str, str]:
    return "Content-Length", str(len(content))


def has_already(environ: Mapping[str, Any], etag: str) -> bool:
    known = environ.get("HTTP_IF_NONE_MATCH")
    if not known:
        return False
    return etag in {one.strip().removeprefix("W/") for one in known.split(",")}


def is_asked_by_visitor(environ: Mapping[str, Any]) -> bool:
    """As of compression.py in the middleware."""
    return environ.get("HTTP_SEC_FETCH_SITE") in ("same-origin", "none")


@lru_cache(maxsize=256)
def codings(accepted: str) -> tuple[str, bool]:
    """What the client takes best, and whether it takes gzip."""
    takes_gzip = best_coding(",".join(part for part in accepted.split(",") if "gzip" in part))
    return best_coding(accepted), takes_gzip == "gzip"
