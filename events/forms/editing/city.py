"""Cities as hosts type them: those that there are, and others that the gazetteer knows."""

import re
from typing import Any

from django import forms
from django.db import connection
from django.db.models import Q

from events.importing.places.lookup import FoundPlace, LookupTimeout, look_up
from events.models import City
from events.search.kept_names import names
from events.search.words import fold

MOST_SUGGESTED = 200
MOST_NAMED = 5


def label_of(city: City) -> str:
    """Such as "Berlin, Germany", or "Portland, Oregon, United States" where there are several."""
    return ", ".join(filter(None, (city.name, city.region, city.country)))


def suggested_cities() -> list[str]:
    """Those where most takes place."""
    return sorted(map(str, names().cities[:MOST_SUGGESTED]))


class CityField(forms.CharField):
    """A city by its name, alone or with its region or country, cleaned into the row. One that is
    not stored yet is left in ``found``, for store_city.
    """

    found: FoundPlace | None = None

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": "cities", "autocomplete": "address-level2"})
        super().__init__(max_length=220, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = find_cities(text)
        if len(found) == 1:
            return found[0]
        if found:
            several = "; ".join(label_of(city) for city in found[:MOST_NAMED])
            raise forms.ValidationError(f"There are several: type one of them in full. {several}.")
        return self._new_city(text)

    def _new_city(self, text: str) -> City:
        if not connection.in_atomic_block:
            connection.close()  # others need it more meanwhile; the next query takes one
        try:
            self.found = look_up(text)
        except LookupTimeout:
            raise forms.ValidationError(
                "Looking this city up took too long just now. Please try it once more."
            ) from None
        if self.found is None:
            raise forms.ValidationError(
                "We do not know this city. Give its country as well, such as “Passau, Germany”; of"
                " a village, name the nearest town, and put the village into the address."
            )
        place = self.found.place
        return City(
            name=place.name,
            region=place.region,
            country=place.country,
            country_code=place.country_code,
            timezone=place.timezone,
        )


def find_cities(text: str) -> list[City]:
    """Those that someone may mean; rather by their own name than by one in another language."""
    name, *rest = (part.strip() for part in text.split(","))
    if not name:
        return []
    alias = rf"(^|,)\s*{re.escape(name)}\s*(,|$)"
    listed = [city.pk for city in names().cities_named(fold(name))]
    called = Q(name__iexact=name) | Q(aliases__iregex=alias) | Q(pk__in=listed)
    cities = [city for city in City.objects.filter(called) if is_in(city, rest)]
    return [city for city in cities if city.name.casefold() == name.casefold()] or cities


def is_in(city: City, rest: list[str]) -> bool:
    known = {fold(part) for part in (city.region, city.country, city.country_code) if part}
    return all(fold(part) in known for part in rest if part)
