"""What the pages of this app that are rendered once for everyone have for each visitor."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.loader import render_to_string

from eventmate.pages.news import EVERYTHING
from eventmate.pages.registry import REGISTRY
from events.models import Favorite, HostFollower
from events.page_changes import changes_since
from events.page_views import count_visit
from events.search.kept_names import NAMES, outdate_names
from events.sources import PARAMETER, source_in


def register() -> None:
    REGISTRY.facts["favorites"] = favorites_of
    REGISTRY.facts["follows"] = hosts_followed_by
    REGISTRY.slots["source"] = source_query
    REGISTRY.notices["messages"] = messages_for
    REGISTRY.visited = count_visit
    REGISTRY.changes_since = changes_since
    REGISTRY.heard = hear


def hear(tags: Collection[str]) -> None:
    if NAMES in tags or EVERYTHING in tags:
        outdate_names()


def favorites_of(user: Any) -> Collection[int]:
    return Favorite.objects.filter(user=user).values_list("event_id", flat=True)


def hosts_followed_by(user: Any) -> Collection[int]:
    return HostFollower.objects.filter(user=user).values_list("host_id", flat=True)


def source_query(environ: Mapping[str, Any]) -> str:
    """The query that goes on with where the visitor comes from, if the address says it."""
    query = environ.get("QUERY_STRING", "")
    if f"{PARAMETER}=" not in query:
        return ""
    # Unlike QueryDict, which refuses a query of a thousand fields, it reads any.
    source = source_in(dict(parse_qsl(query)))
    return f"?{urlencode({PARAMETER: source})}" if source else ""


def messages_for(request: HttpRequest) -> str:
    messages = get_messages(request)
    return render_to_string("_messages.html", {"messages": messages}) if messages else ""
