"""What a page of search results costs the database, and how that grows with the events."""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory, override_settings
from django.utils import timezone

from events.models import Event, Listing
from events.search.criteria import Criteria
from events.search.facet_store import forget_facet_index
from events.search.finding import Moment, Search
from events.search.kept_names import forget_names, names
from events.services.listings import renew_search
from events.views.listing import browse
from loadtests.bench.database_time import DatabaseTime
from loadtests.bench.figures import Figure, median, percentile, ratio
from loadtests.bench.run import Run
from loadtests.bench.search_mix import search_mix
from loadtests.bench.stage import vacuum

SIZES = (10_000, 100_000, 1_000_000)
SEARCHES = 200
DEEP = 40  # pages into the list of everything


def measure(run: Run) -> Iterator[Figure]:
    """Ask for pages of the list, with their counts and choices, at one size after the other.
    Nothing of a page is cached; names, words and bitmaps are kept, as on a warm site.
    """
    call_command("collectstatic", interactive=False, verbosity=0)
    p95: list[float] = []
    sizes = run.sizes or SIZES
    for size in sizes:
        fill_to(size)
        times, deep = page_times(run.rounds), deep_page_times()
        at = f"at {size:,} events ({Listing.objects.count():,} upcoming)"
        p95.append(percentile(times, 95))
        yield Figure(f"database time of a search page {at}, p50", percentile(times, 50), " ms")
        yield Figure(f"database time of a search page {at}, p95", p95[-1], " ms")
        yield ratio(f"page {DEEP} of everything to page 1, database time, {at}", *deep, " ms")
    if len(p95) > 1:
        of = f"{sizes[-1]:,} to {sizes[0]:,} events"
        yield ratio(f"database time of a search page, p95, {of}", p95[-1], p95[0], " ms")


def fill_to(size: int) -> None:
    """Make the catalogue as large. One that is larger, as of another part, is begun anew."""
    if Event.objects.count() > size:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {Event._meta.db_table} CASCADE")
    missing = size - Event.objects.count()
    if missing > 0:
        call_command("generate_events", str(missing), verbosity=0)
    vacuum()
    forget_names()
    renew_search()
    forget_facet_index()


def page_times(rounds: int) -> list[float]:
    """Milliseconds in the database, of each search of the mix: the median of so many rounds."""
    mix = list(search_mix(names(), SEARCHES))
    for query in mix[:20]:
        time_of_page(query)
    times = [[time_of_page(query) for query in mix] for _ in range(rounds)]
    return [median(of_query) for of_query in zip(*times, strict=True)]


def deep_page_times() -> tuple[float, float]:
    """Of a page deep in the list of everything, and of the first: the best of some."""
    search = Search(Criteria(), Moment(at=timezone.now(), today=timezone.localdate()))
    after = ""
    for _ in range(DEEP - 1):
        if (following := search.page(after=after).following) is None:
            break
        after = str(following)
    deep = urlencode({"after": after} if after else {})
    return min(time_of_page(deep) for _ in range(5)), min(time_of_page("") for _ in range(5))


def time_of_page(query: str) -> float:
    """Milliseconds that the statements of a page take, misspelt words and all."""
    request = RequestFactory().get(f"/events/?{query}")
    request.user = AnonymousUser()
    with override_settings(PAGE_CACHE_MEMORY=0), DatabaseTime() as took:
        response = browse(request)
    if response.status_code == HTTPStatus.FOUND:  # a phrase that was understood
        return time_of_page(response.headers["Location"].removeprefix("?"))
    assert response.status_code == HTTPStatus.OK, query
    return took.milliseconds
