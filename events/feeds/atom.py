"""A search as news (RFC 4287)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed

from events.models import Event
from events.sharing.addresses import public_address
from events.sharing.xml_text import xml_text

# Of a feed with nothing in it, which is no newer today than it was yesterday.
NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class StableFeed(Atom1Feed):
    """The same for the same entries, whenever it is written."""

    def latest_post_date(self) -> dt.datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)


def news_of_search(
    events: Iterable[Event], *, name: str, extent: str, url: str, feed_url: str
) -> bytes:
    """Of events with ``listed_at`` and all that a card shows. ``url`` is the page of the search,
    ``extent`` says how much of what it finds is here.
    """
    feed = StableFeed(
        title=xml_text(f"{name} · EventMate"),
        link=url,
        description=None,
        subtitle=extent,
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
        "title": xml_text(event.title),
        "link": public_address(event.get_absolute_url()),
        "description": xml_text(render_to_string("events/_news.html", {"event": event})),
        "unique_id": entry_id(event),
        "pubdate": listed_at,
        "updateddate": max(event.updated_at, listed_at),
        "author_name": xml_text(event.host.name),
        "categories": [xml_text(event.category.name)],
    }


def entry_id(event: Event) -> str:
    """A tag URI (RFC 4151), which stays the same for ever, as the event's UID does."""
    site = urlsplit(settings.PUBLIC_URL).hostname
    return f"tag:{site},{event.created_at:%Y-%m-%d}:event/{quote(event.uid, safe='')}"
