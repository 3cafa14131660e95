"""How a search can be shown: as a list, a month or a map, in which order; and quick ways on."""

from collections.abc import Sequence

from django.conf import settings

from events.days import When
from events.forms.choices import Choice, Facet, query_with
from events.forms.filters import RADII, USUAL_RADIUS, VIEWS, EventFilterForm
from events.search.criteria import Attendance, Sort, usual_sort
from events.search.finding import sort_of

# What a visitor most likely wants at once, as parameter and value.
SHORTCUTS = (
    ("when", When.TODAY.value),
    ("when", When.TOMORROW.value),
    ("when", When.WEEKEND.value),
    ("max_price", "0"),
    ("attend", Attendance.ONLINE.value),
)


def view_of(form: EventFilterForm) -> str:
    """Of a valid form: "list", "calendar" or "map"; a site without maps shows the list."""
    view: str = form.cleaned_data["view"] or "list"
    return "list" if view == "map" and not settings.MAP_TILE_URL else view


def views_of(form: EventFilterForm) -> list[Choice]:
    shown = view_of(form)
    return [
        Choice(
            label,
            query_with(form.query, view=None if view == "list" else view, month=None),
            None,
            is_chosen=view == shown,
            value=view,
        )
        for view, label in VIEWS
        if view != "map" or settings.MAP_TILE_URL
    ]


def sorts_of(form: EventFilterForm) -> list[Choice]:
    """The orders that the search can be in, the usual one with an empty value."""
    criteria = form.criteria
    possible = [
        sort
        for sort in Sort
        if (sort is not Sort.RELEVANCE or criteria.words)
        and (sort is not Sort.DISTANCE or criteria.near)
    ]
    usual, shown = usual_sort(criteria.words, criteria.near), sort_of(criteria)
    return [
        Choice(
            str(sort.label),
            query_with(form.query, sort=None if sort is usual else sort.value),
            None,
            is_chosen=sort is shown,
            value="" if sort is usual else sort.value,
        )
        for sort in possible
    ]


def radii_of(form: EventFilterForm) -> list[Choice]:
    """How far away the events of a search near a place can be, the usual with an empty value."""
    asked = form.data.get("radius") or str(USUAL_RADIUS)
    return [
        Choice(
            f"{radius} km",
            query_with(form.query, radius=None if radius == USUAL_RADIUS else str(radius)),
            None,
            is_chosen=str(radius) == asked,
            value="" if radius == USUAL_RADIUS else str(radius),
        )
        for radius in RADII
    ]


def shortcuts_of(facets: Sequence[Facet]) -> list[Choice]:
    """Of the choices that there are, those that one click away should be, not in use yet."""
    choices = {
        (facet.name, choice.value): choice
        for facet in facets
        if not facet.is_used
        for choice in facet.choices
    }
    return [choices[key] for key in SHORTCUTS if key in choices]
