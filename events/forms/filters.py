import datetime as dt
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, Self

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString

from events.days import When, days_of
from events.search.criteria import (
    Access,
    Attendance,
    Criteria,
    DateRange,
    Near,
    PartOfDay,
    Sort,
    usual_sort,
)
from events.search.kept_names import find_category, find_city, find_host
from events.search.known_words import mark_known
from events.search.places import place_tags
from events.search.words import NO_WORDS, parse_words

RADII = (5, 10, 25, 50, 100, 200)
USUAL_RADIUS = 25
HERE = "me"
"""What ``near`` is until the browser has told where that is."""
# The element that the fields beside it belong to (templates/events/_filters.html).
BESIDE_THE_FORM = {"form": "search-form"}
VIEWS = [("list", "List"), ("calendar", "Calendar"), ("map", "Map")]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, str] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class NamedField(forms.CharField):
    """The slug of a city, category or host, cleaned into the row that it names."""

    def __init__(self, label: str, find: Callable[[str], Any]) -> None:
        super().__init__(label=label, max_length=220, required=False)
        self.find = find

    def clean(self, value: Any) -> Any:
        slug = super().clean(value)
        if not slug:
            return None
        if found := self.find(slug):
            return found
        raise forms.ValidationError(f"There is no such {str(self.label).lower()}: {slug}.")


class SomeField(forms.MultipleChoiceField):
    """Any of the choices; a parameter that is there without a value says nothing."""

    def to_python(self, value: Any) -> list[str]:
        return [choice for choice in super().to_python(value) if choice]


class SharedFields(dict[str, forms.Field]):
    """Those of a form that changes none of them. Django would copy all of them for each form, which
    is most of what one takes.
    """

    def __deepcopy__(self, memo: object) -> Self:
        return self


def choice(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "Any"), *choices])


def price(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        widget=forms.NumberInput({"inputmode": "decimal", **BESIDE_THE_FORM}),
    )


class FilterField(BoundField):
    """Most fields of most searches are empty, and look the same then."""

    def as_field_group(self) -> SafeString:
        is_empty = self.value() in (None, "") and not self.errors
        return _empty_field(self.name) if is_empty else super().as_field_group()


class EventFilterForm(forms.Form):
    """All that a search can ask for, from the query string. Everything is optional."""

    bound_field_class = FilterField

    q = forms.CharField(
        label="Search",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Jazz, Python, market…"}),
    )
    exact = forms.BooleanField(label="Exactly these words", required=False)
    said = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    location = forms.CharField(
        label="Where",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "City, country or venue"}),
    )
    category = NamedField("Category", find_category)
    city = NamedField("City", find_city)
    host = NamedField("Host", find_host)
    when = choice("When", When.choices)
    date = forms.DateField(label="On the day", required=False, widget=DateInput)
    date_from = forms.DateField(label="From", required=False, widget=DateInput(BESIDE_THE_FORM))
    date_to = forms.DateField(label="To", required=False, widget=DateInput(BESIDE_THE_FORM))
    time = choice("Time of day", PartOfDay.choices)
    min_price = price("Price from")
    max_price = price("Price up to")
    attend = choice("Online or in person", Attendance.choices)
    language = forms.CharField(label="Language", max_length=60, required=False)
    access = SomeField(label="Accessibility", required=False, choices=Access.choices)
    available = forms.BooleanField(label="Places left", required=False)
    near = forms.CharField(label="Near", max_length=120, required=False)
    radius = forms.TypedChoiceField(
        label="Within",
        required=False,
        choices=[("", "Any"), *((radius, f"{radius} km") for radius in RADII)],
        coerce=int,
    )
    sort = choice("Sort by", Sort.choices)
    view = choice("Show as", VIEWS)
    month = forms.DateField(label="Month", required=False, input_formats=["%Y-%m"])

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.query = data

    @classmethod
    def of_address(cls, query: str) -> "EventFilterForm":
        """The form of a query string, with or without its question mark."""
        return cls(QueryDict(query.removeprefix("?")))

    def clean_date_to(self) -> dt.date | None:
        first, last = self.cleaned_data.get("date_from"), self.cleaned_data["date_to"]
        if first and last and last < first:
            raise forms.ValidationError("This day is before the first one.")
        return last

    def clean_max_price(self) -> Any:
        lowest, highest = self.cleaned_data.get("min_price"), self.cleaned_data["max_price"]
        if lowest is not None and highest is not None and highest < lowest:
            raise forms.ValidationError("This is less than the lowest price.")
        return highest

    def clean_near(self) -> tuple[float, float] | None:
        """Degrees, of a city or as they are given."""
        text = self.cleaned_data["near"]
        if not text or text == HERE:
            return None
        if "," in text:
            return _position(text)
        city = find_city(text)
        if city is None:
            raise forms.ValidationError("There is no city of this name.")
        if city.latitude is None or city.longitude is None:
            raise forms.ValidationError("We do not know where this city lies.")
        return city.latitude, city.longitude

    @cached_property
    def asks_for_position(self) -> bool:
        return self.data.get("near") == HERE

    @cached_property
    def criteria(self) -> Criteria:
        """What a valid form asks for."""
        wanted = self.cleaned_data
        words = mark_known(parse_words(wanted["q"]))
        place, place_words = self._place()
        near = self._near()
        return Criteria(
            words=words,
            place=place_words,
            tags=frozenset(self._tags()) | place,
            dates=tuple(self._dates()),
            min_price=wanted["min_price"],
            max_price=wanted["max_price"],
            is_available=wanted["available"],
            near=near,
            sort=Sort(wanted["sort"]) if wanted["sort"] else usual_sort(words, near),
        )

    def _tags(self) -> list[tuple[str, str]]:
        wanted = self.cleaned_data
        tags = [
            (name, str(wanted[name].pk)) for name in ("category", "city", "host") if wanted[name]
        ]
        tags += [(name, wanted[name]) for name in ("time", "attend") if wanted[name]]
        if wanted["language"]:
            tags.append(("language", wanted["language"].lower()))
        return tags + [("access", value) for value in wanted["access"]]

    def _place(self) -> tuple[frozenset[tuple[str, str]], Any]:
        """The places of that name or, where there are none, words of venues and addresses."""
        location = self.cleaned_data["location"]
        if not location:
            return frozenset(), NO_WORDS
        tags = place_tags(location)
        return (frozenset(), parse_words(location)) if tags is None else (tags, NO_WORDS)

    def _dates(self) -> list[DateRange]:
        wanted = self.cleaned_data
        ranges: list[DateRange] = []
        if wanted["when"]:
            ranges.append(days_of(When(wanted["when"]), timezone.localdate()))
        if wanted["date"]:
            ranges.append((wanted["date"], wanted["date"]))
        if wanted["date_from"] or wanted["date_to"]:
            ranges.append((wanted["date_from"], wanted["date_to"]))
        return ranges

    def _near(self) -> Near | None:
        if not self.cleaned_data["near"]:
            return None
        latitude, longitude = self.cleaned_data["near"]
        return Near(latitude, longitude, self.cleaned_data["radius"] or USUAL_RADIUS)


EventFilterForm.base_fields = SharedFields(EventFilterForm.base_fields)


def _position(text: str) -> tuple[float, float]:
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        raise forms.ValidationError("This is no position such as 52.52,13.40.") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise forms.ValidationError("There is no such place on Earth.")
    return latitude, longitude


@cache
def _empty_field(name: str) -> SafeString:
    return BoundField.as_field_group(EventFilterForm(QueryDict())[name])
