"""A search as news (RFC 4287)."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed

from events.models import Event
from events.sharing.addresses import public_address

# What XML 1.0 has no way to write.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Of a feed with nothing in it, which is no newer today than it was yesterday.
NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class StableFeed(Atom1Feed):
    """The same for the same entries, whenever it is written."""

    def latest_post_date(self) -> dt.datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)


def news_of_search(events: Iterable[Event], *, name: str, url: str, feed_url: str) -> bytes:
    """Of events with ``listed_at`` and all that a card shows. ``url`` is the page of the search."""
    feed = StableFeed(
        title=_writable(f"{name} · EventMate"),
        link=url,
        description=None,
        feed_url=feed_url,
        feed_guid=feed_url,
        author_name="EventMate",
        language="en",
    )
    for event in events:
        feed.add_item(**_item(event))
    return feed.writeString("utf-8").encode()


def _item(event: Event) -> dict[str, Any]:
    listed_at: dt.datetime = event.listed_at  # type: ignore[attr-defined]  # annotated
    return {
        "title": _writable(event.title),
        "link": public_address(event.get_absolute_url()),
        "description": _writable(render_to_string("events/_news.html", {"event": event})),
        "unique_id": entry_id(event),
        "pubdate": listed_at,
        "updateddate": max(event.updated_at, listed_at),
        "author_name": _writable(event.host.name),
        "categories": [_writable(event.category.name)],
    }


def entry_id(event: Event) -> str:
    """A tag URI (RFC 4151), which stays the same for ever, as the event's UID does."""
    site = urlsplit(settings.PUBLIC_URL).hostname
    return f"tag:{site},{event.created_at:%Y-%m-%d}:event/{quote(event.uid, safe='')}"


def _writable(text: str) -> str:
    return UNWRITABLE.sub("", text)
