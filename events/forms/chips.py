"""The filters of a search that are in use, each with the search without it, and with it alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast
from urllib.parse import urlencode

from django import forms

from events.forms.choices import query_with, query_without_value
from events.forms.filters import HERE, USUAL_RADIUS, EventFilterForm, NamedField
from events.search.criteria import Access
from events.search.kept_names import find_city

PREFIXES = {
    "date": "On",
    "date_from": "From",
    "date_to": "Until",
    "min_price": "Price from",
    "max_price": "Price up to",
    "language": "In",
    "host": "By",
}
BELONGING = {"near": ("radius",), "q": ("exact",)}
# How a search is shown, what belongs to a filter that has a chip, and what can have several.
WITHOUT_CHIP = ("access", "exact", "said", "radius", "sort", "view", "month")


@dataclass(frozen=True, slots=True)
class Chip:
    """``url`` is that of the same search without it, ``url_alone`` of one with nothing else."""

    label: str
    url: str
    url_alone: str


def chips_of(form: EventFilterForm) -> list[Chip]:
    """Of a form, valid or not."""
    names = (name for name in form.fields if name not in WITHOUT_CHIP and form.data.get(name))
    chips = [
        Chip(_describe(form, name), query_with(form.query, **_dropped(name)), _alone(form, name))
        for name in names
    ]
    return chips + list(_access_chips(form))


def _access_chips(form: EventFilterForm) -> Iterator[Chip]:
    labels = dict(Access.choices)
    values = filter(None, dict.fromkeys(form.query.getlist("access")))
    # Of more than there are, some are made up, and each chip has all the others in its address.
    for value in islice(values, len(labels)):
        url = query_without_value(form.query, "access", value)
        yield Chip(str(labels.get(value, value)), url, f"?{urlencode({'access': value})}")


def _dropped(name: str) -> dict[str, None]:
    return dict.fromkeys((name, *BELONGING.get(name, ())))


def _alone(form: EventFilterForm, name: str) -> str:
    kept = {other: form.query.get(other) for other in _dropped(name)}
    return f"?{urlencode({other: value for other, value in kept.items() if value})}"


def _describe(form: EventFilterForm, name: str) -> str:
    text = form.data[name]
    cleaned = getattr(form, "cleaned_data", {}).get(name)
    match name:
        case "q":
            return f"“{text}”"
        case "near":
            return _describe_near(form, text)
        case "available":
            return "Places left"
        case "max_price" if cleaned == 0:
            return "Free"
    text = text.title() if name == "language" else _in_words(form.fields[name], text, cleaned)
    return f"{PREFIXES[name]} {text}" if name in PREFIXES else text


def _in_words(field: forms.Field, text: str, cleaned: Any) -> str:
    """What a field was given, or that itself where it makes no sense."""
    match field:
        case NamedField() if cleaned:
            return str(cleaned.name)
        case forms.DateField() if cleaned:
            return f"{cleaned:%a} {cleaned.day} {cleaned:%b %Y}"
        case forms.ChoiceField():
            choices = cast("list[tuple[str, str]]", field.choices)
            return str(dict(choices).get(text, text))
    return text


def _describe_near(form: EventFilterForm, text: str) -> str:
    radius = getattr(form, "cleaned_data", {}).get("radius") or USUAL_RADIUS
    if text == HERE or "," in text:
        return f"Within {radius} km of you"
    city = find_city(text)
    return f"Within {radius} km of {city.name if city else text}"
