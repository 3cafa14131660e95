"""What the pages with lists of events have in common."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.utils import timezone

from eventmate.pages.recording import shows
from events.cards import load_cards
from events.forms.choices import query_with
from events.models import Event
from events.search.criteria import Criteria
from events.search.finding import Moment, Search, Total
from events.search.orders import BadCursor, Slice


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some of the events of a list, with the query strings of the pages around."""

    events: list[Event]
    total: Total
    previous: str
    following: str


def moment_of_request() -> Moment:
    """Now, and today on the visitor's clock."""
    return Moment(at=timezone.now(), today=timezone.localdate())


def rows_or_404(request: HttpRequest, search: Search) -> Slice:
    """The rows that the address asks for, the first ones if it does not say."""
    try:
        after, before = cursor_of(request)
        return search.page(after=after, before=before)
    except BadCursor as error:
        raise Http404 from error


def event_page(request: HttpRequest, rows: Slice, search: Search) -> EventPage:
    query = request.GET
    events = load_cards((row["event_id"] for row in rows.rows), request.user)
    distances = {row["event_id"]: row.get("distance") for row in rows.rows}
    for event in events:
        vars(event)["distance"] = distances[event.pk]
    return EventPage(
        events=events,
        total=search.total(),
        previous=query_with(query, before=str(rows.previous)) if rows.previous else "",
        following=query_with(query, after=str(rows.following)) if rows.following else "",
    )


def cursor_of(request: HttpRequest) -> tuple[str, str]:
    """What the page begins after, and what it ends before."""
    return request.GET.get("after", ""), request.GET.get("before", "")


def page_of_tag(request: HttpRequest, dimension: str, pk: int) -> EventPage:
    """Of what is upcoming of a city, category or host, the soonest first."""
    shows(f"in-{dimension}:{pk}")
    criteria = Criteria(tags=frozenset({(dimension, str(pk))}))
    search = Search(criteria, moment_of_request())
    return event_page(request, rows_or_404(request, search), search)
