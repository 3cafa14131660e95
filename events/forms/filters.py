import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone

from events.choices import Choices, category_choice, city_choice, filter_choices
from events.days import When, days_of
from events.querysets import EventQuerySet

SORTS = [
    ("soon", "Soonest first"),
    ("popular", "Most popular"),
    ("price", "Lowest price"),
    ("-price", "Highest price"),
    ("newest", "Newly added"),
    ("relevance", "Best match"),
]
PREFIXES = {
    "date": "on",
    "date_from": "from",
    "date_to": "until",
    "min_price": "price from",
    "max_price": "price to",
}
CHOICE_OF = {"category": category_choice, "city": city_choice}


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    label: str
    url: str


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class EventFilterForm(forms.Form):
    """The filters of the event list, from the query string. All are optional."""

    q = forms.CharField(
        label="Search",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Jazz, Python, market…"}),
    )
    location = forms.CharField(
        label="Where",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "City, country or venue"}),
    )
    city = forms.ChoiceField(label="City", required=False)
    category = forms.ChoiceField(label="Category", required=False)
    when = forms.ChoiceField(label="When", required=False, choices=[("", "Any day"), *When.choices])
    date = forms.DateField(label="On the day", required=False, widget=DateInput)
    date_from = forms.DateField(label="From", required=False, widget=DateInput)
    date_to = forms.DateField(label="To", required=False, widget=DateInput)
    min_price = forms.DecimalField(
        label="Price from", required=False, min_value=0, max_digits=10, decimal_places=2
    )
    max_price = forms.DecimalField(
        label="Price to", required=False, min_value=0, max_digits=10, decimal_places=2
    )
    sort = forms.ChoiceField(label="Sort by", required=False, choices=[("", "Recommended"), *SORTS])

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.query = data
        choices = filter_choices()
        self._offer("category", "All categories", choices.categories)
        self._offer("city", "All cities", choices.cities)
        for name in ("min_price", "max_price"):
            self.fields[name].widget.attrs["inputmode"] = "decimal"

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

    def apply(self, events: EventQuerySet) -> EventQuerySet:
        """The events that match, in the order asked for. Only for a valid form."""
        wanted = self.cleaned_data
        if wanted["location"]:
            events = events.at_location(wanted["location"])
        if wanted["city"]:
            events = events.filter(city__slug=wanted["city"])
        if wanted["category"]:
            events = events.filter(category__slug=wanted["category"])
        if wanted["when"]:
            events = events.on_dates(*days_of(When(wanted["when"]), timezone.localdate()))
        if wanted["date"]:
            events = events.on_dates(wanted["date"], wanted["date"])
        events = events.on_dates(wanted["date_from"], wanted["date_to"])
        events = events.priced(wanted["min_price"], wanted["max_price"])
        return self._sorted(events.search(wanted["q"]))

    @property
    def active(self) -> list[ActiveFilter]:
        """Each filter in use, with the query string of the same list without it."""
        used = [name for name in self.fields if name != "sort" and self.data.get(name)]
        return [ActiveFilter(self._describe(name), self._without(name)) for name in used]

    def _offer(self, name: str, empty_label: str, choices: Choices) -> None:
        """The usual choices, and the one that is asked for where it is none of them."""
        wanted = self.data.get(name, "")
        if wanted.isprintable() and wanted and wanted not in dict(choices):
            choices = choices + CHOICE_OF[name](wanted)
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = [("", empty_label), *choices]

    def _sorted(self, events: EventQuerySet) -> EventQuerySet:
        can_rank = "relevance" in events.query.annotations
        match self.cleaned_data["sort"] or "relevance":
            case "relevance" if can_rank:
                return events.order_by(F("relevance").desc(), "starts_at", "pk")
            case "popular":
                most_taken = F("places_taken").desc()
                return events.with_popularity().order_by(most_taken, "starts_at", "pk")
            case "price":
                lowest = F("lowest_price").asc(nulls_last=True)
                return events.with_lowest_price().order_by(lowest, "starts_at", "pk")
            case "-price":
                highest = F("lowest_price").desc(nulls_last=True)
                return events.with_lowest_price().order_by(highest, "starts_at", "pk")
            case "newest":
                return events.order_by("-created_at", "-pk")
        return events.order_by("starts_at", "pk")

    def _describe(self, name: str) -> str:
        field = self.fields[name]
        value = self.data[name]
        if isinstance(field, forms.ChoiceField):
            return str(dict(cast("Choices", field.choices)).get(value, value))
        if name in PREFIXES:
            return f"{PREFIXES[name]} {value}"
        return f"“{value}”" if name == "q" else value

    def _without(self, name: str) -> str:
        query = self.query.copy()
        for dropped in (name, "page"):
            query.pop(dropped, None)
        return f"?{query.urlencode()}"
