"""Searches as queries of an address that are kept: in a saved search, a feed."""

from django.http import QueryDict

from events.forms.chips import chips_of
from events.forms.filters import HERE, EventFilterForm

# How the answer is shown, not what is asked.
SHOWING = frozenset({"said", "sort", "view", "month"})
EVERYTHING = "All events"


def parse_search(query: str) -> EventFilterForm:
    """The search that an address has behind its question mark, with or without that."""
    return EventFilterForm.of_address(query)


def lasting_query(form: EventFilterForm) -> str:
    """What a search asks, always written the same way. Where its visitor is now is left out."""
    kept = QueryDict(mutable=True)
    for name in form.fields:
        values = [value.strip() for value in form.query.getlist(name)]
        if name != "access":
            values = values[-1:]
        values = sorted({value for value in values if value})
        if values and name not in SHOWING and (name, values) != ("near", [HERE]):
            kept.setlist(name, values)
    if "near" not in kept:
        kept.pop("radius", None)
    if "q" not in kept:
        kept.pop("exact", None)
    return kept.urlencode()


def describe_search(form: EventFilterForm) -> str:
    """Such as "“jazz”, Berlin, This weekend"."""
    return ", ".join(chip.label for chip in chips_of(form)) or EVERYTHING
