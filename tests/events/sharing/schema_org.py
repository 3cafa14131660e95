"""What schema.org and Google ask of an event's data, and whether a page has it."""

import json
import re
from typing import Any

from django.conf import settings

# developers.google.com/search/docs/appearance/structured-data/event, "Structured data type
# definitions". What it recommends besides is not known here: performer, previousStartDate.
REQUIRED = {
    "Event": {"location", "name", "startDate"},
    "Place": {"address"},
    "VirtualLocation": {"url"},
}
RECOMMENDED = {
    "Event": {"description", "endDate", "eventStatus", "image", "organizer"},
    "Place": {"name"},
    "Offer": {"availability", "price", "priceCurrency", "url"},
    "Organization": {"name", "url"},
    # developers.google.com/search/docs/appearance/structured-data/review-snippet
    "AggregateRating": {"ratingValue", "reviewCount"},
}
# schema.org: the types that a property of a type we use may have, and the words of its lists.
TYPES = {
    "location": {"Place", "VirtualLocation"},
    "organizer": {"Organization"},
    "offers": {"Offer"},
    "aggregateRating": {"AggregateRating"},
    "geo": {"GeoCoordinates"},
    "inLanguage": {"Language"},
}
WORDS = {
    "eventStatus": {"EventScheduled", "EventCancelled"},
    "eventAttendanceMode": {
        *("OfflineEventAttendanceMode", "OnlineEventAttendanceMode", "MixedEventAttendanceMode")
    },
    "availability": {"InStock", "SoldOut", "PreOrder", "OutOfStock"},
}
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
MOMENTS = {"startDate", "endDate", "validFrom", "validThrough"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d[+-]\d\d:\d\d)?")


def node_of(client, event) -> dict[str, Any]:
    response = client.get(event.get_absolute_url())
    assert response.status_code == 200
    (script,) = SCRIPT.findall(response.content.decode())
    node = json.loads(script)
    assert node["@context"] == "https://schema.org"
    assert_valid(node)
    return node


def assert_valid(node: dict[str, Any]) -> None:
    kind = node["@type"]
    missing = (REQUIRED.get(kind, set()) | RECOMMENDED.get(kind, set())) - node.keys()
    assert not missing, (kind, missing)
    assert all(value not in ("", None, [], {}) for value in node.values()), node
    for name, value in node.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                assert one["@type"] in TYPES.get(name, {"PostalAddress"}), (name, one)
                assert_valid(one)
        if name in WORDS:
            assert value.removeprefix("https://schema.org/") in WORDS[name]
        if name in MOMENTS:
            assert MOMENT.fullmatch(value)
        if name in ("url", "@id"):
            assert value.startswith(f"{settings.PUBLIC_URL}/")
