"""What the pages of a search show besides what the view gives them."""

from collections.abc import Iterator, Sequence
from typing import cast

from django import template
from django.forms import BoundField
from django.urls import reverse
from django.utils.http import urlencode

from events.forms.choices import Choice, Facet, query_with
from events.forms.filters import HERE, EventFilterForm
from events.forms.shown import radii_of, shortcuts_of, sorts_of, views_of
from events.search.finding import Total

# The parameters that make a page of its own for search engines.
CANONICAL = ("q", "location", "city", "category", "host", "when")
MOST_INDEXED = 2
# Those of the form's fields that it does not show: what was chosen otherwise is sent along.
CARRIED = frozenset(
    {"category", "city", "host", "when", "date", "time", "attend", "language", "access"}
    | {"available", "near", "view", "month"}
)
ELSEWHERE = frozenset({"q", "location", "date_from", "date_to", "min_price", "max_price", "radius"})
SHOWN_ONLY = frozenset({"view", "month", "sort", "said", "exact", "radius"})

register = template.Library()


@register.filter
def counted(number: int) -> str:
    """As people read it: "1,000+" for more than that."""
    return str(Total(number))


@register.filter
def kilometres(distance: float | str | None) -> str:
    """Such as "3.2 km away"; empty where it is not known."""
    if not isinstance(distance, float):
        return ""
    if distance < 1:
        return "less than 1 km away"
    return f"{distance:.1f} km away" if distance < 10 else f"{distance:,.0f} km away"


@register.filter
def views(form: EventFilterForm) -> list[Choice]:
    return views_of(form)


@register.filter
def sorts(form: EventFilterForm) -> list[Choice]:
    return sorts_of(form)


@register.filter
def radii(form: EventFilterForm) -> list[Choice]:
    return radii_of(form)


@register.filter
def shortcuts(facets: Sequence[Facet]) -> list[Choice]:
    return shortcuts_of(facets)


@register.filter
def carried(form: EventFilterForm) -> Iterator[BoundField]:
    """The fields of what is sent along, where there is something to send, and of what is wrong."""
    for name in form.fields:
        is_sent = name in CARRIED and any(form.query.getlist(name))
        if is_sent or (name in form.errors and name not in ELSEWHERE):
            yield form[name]


@register.filter
def values(field: BoundField) -> list[str]:
    """All that the address has for a field."""
    given = cast(EventFilterForm, field.form).query.getlist(field.name)
    return list(filter(None, dict.fromkeys(given if field.name == "access" else given[-1:])))


@register.simple_tag
def exact_query(form: EventFilterForm) -> str:
    """The address of the same search for its words as they are, whatever they find."""
    return query_with(form.query, exact="1")


@register.simple_tag
def around_city(form: EventFilterForm) -> str:
    """The address of the same search around the city that it is in; empty where it is in none."""
    city = getattr(form, "cleaned_data", {}).get("city")
    if not city or city.latitude is None or form.data.get("near"):
        return ""
    return query_with(form.query, city=None, near=city.slug)


@register.simple_tag
def search_path(form: EventFilterForm) -> str:
    """The canonical path of a search: what makes no page of its own is left out."""
    query = {name: form.data[name].strip() for name in CANONICAL if form.data.get(name, "").strip()}
    path = reverse("events:list")
    return f"{path}?{urlencode(query)}" if query else path


@register.filter
def is_indexed(form: EventFilterForm) -> bool:
    """Whether search engines should keep the page: not one in the middle of a list, nor of the
    endless ways to put filters together.
    """
    used = {name for name in form.query if form.query[name]} - SHOWN_ONLY
    is_whole = not used & {"after", "before"} and form.data.get("near") != HERE
    return is_whole and len(used) <= MOST_INDEXED and form.is_valid()
