"""The pages that a web worker has, and those that it gives to the others."""

import threading
from collections import OrderedDict
from collections.abc import Iterable

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache.backends.base import BaseCache

from eventmate.pages.page import Page

# Of the memory, what pages of addresses with a query have at most: anybody can make up as many as
# would push out the others.
SHARE_OF_QUERIES = 0.5
# The form of what is in the shared cache.
FORM = 2
OF_THIS_PROCESS = frozenset({"outdated_since", "_variants", "facts", "fact_names"})


class Shelf:
    """Pages by address, those that were asked for last, up to ``most_bytes``."""

    def __init__(self, most_bytes: float) -> None:
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self.bytes = 0
        self._most_bytes = most_bytes
        self._sizes: dict[str, int] = {}

    def take(self, address: str) -> Page | None:
        page = self.pages.get(address)
        if page is not None:
            self.pages.move_to_end(address)
        return page

    def put(self, page: Page) -> list[Page]:
        """Returns the pages that had to go, the one of the same address among them."""
        gone = [self.drop(page.address)]
        self.pages[page.address] = page
        gone += self.weigh(page)
        return [page for page in gone if page is not None]

    def weigh(self, page: Page) -> list[Page]:
        """Take note of its size, which grows with those who get it. Returns the pages that had to
        go for it.
        """
        size = page.size
        self.bytes += size - self._sizes.get(page.address, 0)
        self._sizes[page.address] = size
        gone = []
        while self.bytes > self._most_bytes and len(self.pages) > 1:
            gone.append(self.drop(next(iter(self.pages))))
        return [page for page in gone if page is not None]

    def drop(self, address: str) -> Page | None:
        page = self.pages.pop(address, None)
        self.bytes -= self._sizes.pop(address, 0)
        return page


class Store:
    """In the memory of this process, and in the shared cache if there is one."""

    def __init__(self, *, most_bytes: int, shared: BaseCache | None) -> None:
        of_queries = SHARE_OF_QUERIES * most_bytes
        self._plain, self._queries = Shelf(most_bytes - of_queries), Shelf(of_queries)
        self._shared = shared
        # Most tags are on one page or two: a set would be larger than their names.
        self._by_tag: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        return self._plain.bytes + self._queries.bytes

    def __len__(self) -> int:
        return len(self._plain.pages) + len(self._queries.pages)

    def find(self, path: str, query: str) -> Page | None:
        """The page at an address, fresh or not."""
        page = self._plain.take(path)
        if not query or (page is not None and page.ignores_query):
            return page
        return self._queries.take(f"{path}?{query}")

    def put(self, page: Page) -> None:
        with self._lock:
            for gone in self._shelf(page.address).put(page):
                self._untag(gone)
            for tag in page.tags:
                self._by_tag[tag] = (*self._by_tag.get(tag, ()), page.address)

    def weigh(self, page: Page) -> None:
        """Bring what is known of the size of a page up to date, and make room if need be."""
        with self._lock:
            shelf = self._shelf(page.address)
            if shelf.pages.get(page.address) is page:
                for gone in shelf.weigh(page):
                    self._untag(gone)

    def forget_outdated(self, address: str) -> None:
        """One that cannot even stand in."""
        with self._lock:
            page = self._shelf(address).pages.get(address)
            if page is not None and not page.can_stand_in:
                self._shelf(address).drop(address)
                self._untag(page)

    def showing(self, tags: Iterable[str]) -> list[Page]:
        with self._lock:
            addresses = {address for tag in tags for address in self._by_tag.get(tag, ())}
            found = [self._shelf(address).pages.get(address) for address in addresses]
        return [page for page in found if page is not None]

    def everything(self) -> list[Page]:
        with self._lock:
            return [*self._plain.pages.values(), *self._queries.pages.values()]

    def give(self, page: Page) -> None:
        """Let the other workers have it."""
        if self._shared is not None:
            common = {
                name: value for name, value in vars(page).items() if name not in OF_THIS_PROCESS
            }
            self._shared.set(self._key(page.address), common, page.until - page.made_at)

    def given(self, address: str) -> Page | None:
        """That of another worker, or of this one in another life."""
        common = self._shared.get(self._key(address)) if self._shared is not None else None
        return Page(**common) if common else None

    def _key(self, address: str) -> str:
        """Of one release: the pages of another name other files."""
        release = getattr(staticfiles_storage, "manifest_hash", "")
        return f"page:{FORM}:{release}:{address}"

    def _shelf(self, address: str) -> Shelf:
        return self._queries if "?" in address else self._plain

    def _untag(self, page: Page) -> None:
        for tag in page.tags:
            others = tuple(address for address in self._by_tag[tag] if address != page.address)
            if others:
                self._by_tag[tag] = others
            else:
                del self._by_tag[tag]
