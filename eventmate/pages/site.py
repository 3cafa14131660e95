"""The pages of this process, as the settings have them."""

import time
from collections.abc import Collection, Mapping
from functools import cache

from django.conf import settings
from django.core.cache import caches

from eventmate.metrics.instruments import PAGES_BYTES, PAGES_KEPT
from eventmate.metrics.reporting import report_also
from eventmate.pages.members import Members, session_tag
from eventmate.pages.news import EVERYTHING, MOVED, News
from eventmate.pages.page import Page, Variant
from eventmate.pages.registry import REGISTRY, Changes
from eventmate.pages.snapshots import read
from eventmate.pages.store import Store


class Pages:
    def __init__(self) -> None:
        self.store = Store(
            most_bytes=settings.PAGE_CACHE_MEMORY * 2**20,
            # What stands in for a Redis that was never there is of this process as well.
            shared=caches["default"] if settings.REDIS_URL else None,
        )
        self.members = Members()
        self.news = News(self._hear)
        report_also(self._tell)

    def keep(self, page: Page) -> None:
        """Have it for whoever asks next, here and in other workers."""
        if self.news.has_changed(page.tags, page.snapshot):
            # While it was made: it may show that or not.
            page.outdated_since = time.monotonic()
        self.store.put(page)
        self.store.give(page)

    def weigh(self, page: Page, variant: Variant) -> None:
        """Bring up to date what a page takes, after one of its variants was used."""
        if variant.has_changed_size:
            variant.has_changed_size = False
            self.store.weigh(page)

    def remember(
        self,
        session_key: str,
        user_id: int | None,
        facts: Mapping[str, Collection[int]],
        snapshot: str,
    ) -> None:
        """Know a visitor again, unless something of them has changed since that snapshot."""
        tags = {session_tag(session_key), f"user:{user_id}"}
        self.members.remember(session_key, user_id, facts)
        if self.news.has_changed(tags, snapshot):
            self.members.forget(tags)

    def _tell(self) -> None:
        PAGES_KEPT.set(len(self.store))
        PAGES_BYTES.set(self.store.bytes)

    def _hear(self, changes: Changes, after: float) -> None:
        tags = {tag for _transaction, tag in changes}
        REGISTRY.heard(tags)
        if EVERYTHING in tags:
            pages = self.store.everything()
            self.members.forget_all()
        else:
            pages = self.store.showing(tags)
            self.members.forget(tags)
        for page in pages:
            sees = read(page.snapshot).sees
            if page.outdated_since is None and any(
                (tag in page.tags or tag == EVERYTHING)
                and (transaction == MOVED or not sees(transaction))
                for transaction, tag in changes
            ):
                page.outdated_since = after


@cache
def site_pages() -> Pages | None:
    """None where pages are not kept."""
    return Pages() if settings.PAGE_CACHE_MEMORY else None
