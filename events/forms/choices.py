"""The choices that a search offers, each as an address: of the same search with it, or without."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.http import QueryDict

from events.days import When
from events.forms.filters import EventFilterForm
from events.search.criteria import Access, Attendance, PartOfDay
from events.search.facets import AVAILABLE, DATES, PRICE, PRICES, Counts
from events.search.kept_names import categories_by_id, cities_by_id, hosts_by_id, names

MOST_CITIES, MOST_HOSTS, MOST_LANGUAGES, MOST_CATEGORIES = 12, 8, 8, 30
# Where a list is not at its beginning, or how a search was said, is none of another search.
OF_THIS_PAGE = ("after", "before", "said")
# What a choice takes the place of, besides what its own parameter was; of some, several hold.
REPLACED = {"when": ("date", "date_from", "date_to"), "max_price": ("min_price",)}
SEVERAL = frozenset({"access"})


@dataclass(frozen=True, slots=True)
class Choice:
    """``count`` is how many events it would show; None where that is not known."""

    label: str
    url: str
    count: int | None
    is_chosen: bool
    value: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    title: str
    choices: list[Choice]

    @property
    def is_used(self) -> bool:
        return any(choice.is_chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Offered:
    """A value of a parameter, the key of its count, and what people read."""

    value: str
    key: str
    label: str


def facets_of(form: EventFilterForm, counts: Counts) -> list[Facet]:
    """Those of a valid form that have something to choose."""
    facets = [
        _facet(form, counts, name, title, dimension, offered(counts, form))
        for name, title, dimension, offered in FACETS
    ]
    return [facet for facet in facets if facet.choices]


def query_with(query: QueryDict, **parameters: str | None) -> str:
    """The query string of another search: with these parameters, or without where one is None."""
    others = [(name, values) for name, values in _lasting(query) if name not in parameters]
    asked = [(name, [value]) for name, value in parameters.items() if value is not None]
    return f"?{urlencode(others + asked, doseq=True)}"


def query_without_value(query: QueryDict, name: str, value: str) -> str:
    """The same of a parameter that can be there several times."""
    kept = [other for other in query.getlist(name) if other != value]
    others = [(other, kept if other == name else values) for other, values in _lasting(query)]
    return f"?{urlencode(others, doseq=True)}"


def query_and(query: str, name: str, value: str) -> str:
    """A query string that such a function has returned, with one more parameter."""
    return f"{query}{'' if query == '?' else '&'}{name}={quote_plus(value)}"


def _lasting(query: QueryDict) -> list[tuple[str, list[str]]]:
    return [(name, values) for name, values in query.lists() if name not in OF_THIS_PAGE]


def _facet(
    form: EventFilterForm,
    counts: Counts,
    name: str,
    title: str,
    dimension: str,
    offered: Iterable[Offered],
) -> Facet:
    chosen = form.query.getlist(name)
    replaced = () if name in SEVERAL else (name, *REPLACED.get(name, ()))
    others = query_with(form.query, **dict.fromkeys(replaced))
    choices = []
    for offer in offered:
        is_chosen = offer.value in chosen
        count = counts.of(dimension, offer.key)
        if is_chosen or count != 0:
            if not is_chosen:
                url = query_and(others, name, offer.value)
            elif name in SEVERAL:
                url = query_without_value(form.query, name, offer.value)
            else:
                url = others
            choices.append(Choice(offer.label, url, count, is_chosen, offer.value))
    return Facet(name, title, choices)


def _whens(counts: Counts, form: EventFilterForm) -> Iterator[Offered]:
    for when in When:
        yield Offered(when.value, f"when:{when}", str(when.label))


def _parts_of_day(counts: Counts, form: EventFilterForm) -> Iterator[Offered]:
    return _fixed("time", PartOfDay.choices)


def _attendance(counts: Counts, form: EventFilterForm) -> Iterator[Offered]:
    return _fixed("attend", Attendance.choices)


def _access(counts: Counts, form: EventFilterForm) -> Iterator[Offered]:
    return _fixed("access", Access.choices)


def _fixed(name: str, choices: Iterable[tuple[str, str]]) -> Iterator[Offered]:
    for value, label in choices:
        yield Offered(value, f"{name}:{value}", label)


def _prices(counts: Counts, form: EventFilterForm) -> Iterator[Offered]:
    yield Offered("0", "price:free", "Free")
    for price in PRICES:
        yield Offered(str(price), f"price:{price}", f"Up to {price}")


def _available(counts: Counts, form: EventFilterForm) -> Iterator[Offered]:
    yield Offered("1", "available:1", "Places left")


def _languages(counts: Counts, form: EventFilterForm) -> Iterator[Offered]:
    values = counts.most("language", MOST_LANGUAGES)
    if "language" not in counts.dimensions:
        values = [language.value for language in names().languages[:MOST_LANGUAGES]]
    chosen = form.cleaned_data["language"].lower()
    for value in dict.fromkeys(filter(None, (*values, chosen))):
        yield Offered(value, f"language:{value}", value.title())


def _categories(counts: Counts, form: EventFilterForm) -> Iterator[Offered]:
    return _rows(counts, form, "category", categories_by_id, names().categories, MOST_CATEGORIES)


def _cities(counts: Counts, form: EventFilterForm) -> Iterator[Offered]:
    return _rows(counts, form, "city", cities_by_id, names().cities, MOST_CITIES)


def _hosts(counts: Counts, form: EventFilterForm) -> Iterator[Offered]:
    return _rows(counts, form, "host", hosts_by_id, names().hosts, MOST_HOSTS)


def _rows(
    counts: Counts,
    form: EventFilterForm,
    name: str,
    by_id: Callable[[Iterable[int]], Mapping[int, Any]],
    most: Sequence[Any],
    number: int,
) -> Iterator[Offered]:
    """Those that most of what matches has, or most of all where that is not counted, and the one
    that is chosen.
    """
    rows = list(most[:number])
    if name in counts.dimensions:
        pks = list(map(int, counts.most(name, number)))
        known = by_id(pks)
        rows = [known[pk] for pk in pks if pk in known]
    chosen = form.cleaned_data[name]
    if chosen and chosen.pk not in {row.pk for row in rows}:
        rows.append(chosen)
    for row in rows:
        yield Offered(row.slug, f"{name}:{row.pk}", row.name)


Offer = Callable[[Counts, EventFilterForm], Iterator[Offered]]
# By parameter: its title, the dimension that it asks in, and what there is to choose.
FACETS: tuple[tuple[str, str, str, Offer], ...] = (
    ("when", "When", DATES, _whens),
    ("category", "Category", "category", _categories),
    ("city", "City", "city", _cities),
    ("max_price", "Price", PRICE, _prices),
    ("available", "Availability", AVAILABLE, _available),
    ("time", "Time of day", "time", _parts_of_day),
    ("attend", "Online or in person", "attend", _attendance),
    ("language", "Language", "language", _languages),
    ("access", "Accessibility", "access", _access),
    ("host", "Host", "host", _hosts),
)
