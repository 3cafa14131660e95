"""Which pages search engines may list, in parts that each hold a range of primary keys.

A part costs what it holds, however many there are. Not Django's own sitemap framework: it counts
all rows and cuts them with OFFSET, gives each part of a section the same ``lastmod``, takes the
address of the site from the request, and renders a template for each URL.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import CharField, Exists, F, Func, Max, Model, OuterRef, QuerySet
from django.urls import reverse

from events.models import Category, City, Event, Host
from events.sharing.addresses import public_address

# URLs in a part at most. The protocol allows 50,000.
IN_PART = 10_000
INDEX_KEY = "sitemap:index"
INDEX_SECONDS = 10 * 60

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

# An address, and when what is there has changed, where that is known.
Entry = tuple[str, str | None]


class Moment(Func):
    """An instant as sitemaps write it. By PostgreSQL: to make ten thousand instants of what it
    sends and write them again takes a fifth of a second.
    """

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
    output_field = CharField()


@dataclass(frozen=True, slots=True)
class Section:
    """Pages of one kind: the rows behind them, each with a slug."""

    rows: Callable[[], QuerySet[Any]]
    route: str
    changed: str | None = None  # the field that says when, where there is one

    def parts(self) -> Iterator[tuple[int, str | None]]:
        """The numbers of the parts that hold anything, with the latest change in each."""
        parts = self.rows().order_by().annotate(part=F("pk") / IN_PART).values_list("part")
        if self.changed:
            yield from parts.annotate(latest=Moment(Max(self.changed))).order_by("part")
        else:
            yield from ((part, None) for (part,) in parts.distinct().order_by("part"))

    def entries(self, part: int) -> Iterator[Entry]:
        first = part * IN_PART
        rows = self.rows().filter(pk__gte=first, pk__lt=first + IN_PART).order_by("pk")
        # Slugs need no quoting. To reverse each address would take longer than all the rest.
        before, after = public_address(reverse(self.route, args=["SLUG"])).split("SLUG")
        if self.changed:
            for slug, changed in rows.values_list("slug", Moment(self.changed)):
                yield f"{before}{slug}{after}", changed
        else:
            for slug in rows.values_list("slug", flat=True):
                yield f"{before}{slug}{after}", None


def public_events() -> QuerySet[Event]:
    """Past and cancelled ones as well: their pages stay."""
    return Event.objects.visible_to(AnonymousUser())


def having_events(model: type[Model], field: str) -> QuerySet[Any]:
    """Others have nothing to show; of a host with only drafts, not even that it is there."""
    published = Event.objects.published().filter(**{field: OuterRef("pk")})
    return model._default_manager.filter(Exists(published))


# Lists change with each of their events: when, nobody keeps.
SECTIONS = {
    "events": Section(public_events, "events:detail", changed="updated_at"),
    "cities": Section(lambda: having_events(City, "city"), "events:city"),
    "categories": Section(lambda: having_events(Category, "category"), "events:category"),
    "hosts": Section(lambda: having_events(Host, "host"), "events:host"),
}
# Those without a row.
PAGES = "pages"
PAGE_ROUTES = ("events:home", "events:list")


def index_document() -> str:
    parts = cache.get(INDEX_KEY)
    if parts is None:
        parts = [(PAGES, 0, None)]
        for name, section in SECTIONS.items():
            parts += [(name, part, changed) for part, changed in section.parts()]
        cache.set(INDEX_KEY, parts, INDEX_SECONDS)
    entries = (
        (public_address(reverse("events:sitemap", args=[name, part])), changed)
        for name, part, changed in parts
    )
    return _document("sitemapindex", "sitemap", entries)


def part_document(name: str, part: int) -> str | None:
    """None where there is no such part, or nothing in it."""
    entries: list[Entry]
    if name == PAGES:
        entries = [(public_address(reverse(route)), None) for route in PAGE_ROUTES if not part]
    else:
        entries = list(SECTIONS[name].entries(part)) if name in SECTIONS else []
    return _document("urlset", "url", entries) if entries else None


def _document(root: str, element: str, entries: Iterable[Entry]) -> str:
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">']
    for address, changed in entries:
        when = f"<lastmod>{changed}</lastmod>" if changed else ""
        lines.append(f"<{element}><loc>{address}</loc>{when}</{element}>")
    lines.append(f"</{root}>\n")
    return "\n".join(lines)
