"""What the names are made of, as the database has it: plain rows that any process can keep."""

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any

from django.db import connection
from django.utils import timezone

from events.search.facet_store import facet_index

# Of the hosts, those with the most listings.
MOST_HOSTS = 5_000

Row = tuple[Any, ...]
Counts = Mapping[str, Mapping[str, int]]  # by the dimension and the value of tags

COUNT = """
SELECT split_part(tag, ':', 1), substr(tag, strpos(tag, ':') + 1), count(*)
  FROM events_listing CROSS JOIN unnest(tags) AS tag
 WHERE ends_at > %s AND tag ~ '^(category|city|country|host|language):'
 GROUP BY tag
"""
NAMES = """
SELECT 'city', id, slug, name, region, country, upper(country_code), latitude, longitude, aliases
  FROM events_city WHERE id = ANY (%s)
UNION ALL
SELECT 'category', id, slug, name, NULL, NULL, NULL, NULL, NULL, NULL
  FROM events_category
UNION ALL
SELECT 'host', id, slug, name, NULL, NULL, NULL, NULL, NULL, NULL
  FROM events_host WHERE id = ANY (%s)
"""


@dataclass(frozen=True, slots=True)
class NameRows:
    """The most listed first, in the order of the fields in names.py."""

    made_at: float  # seconds since 1970, which all processes share
    cities: list[Row] = field(default_factory=list)
    categories: list[Row] = field(default_factory=list)
    hosts: list[Row] = field(default_factory=list)
    languages: list[Row] = field(default_factory=list)


def load_rows() -> NameRows:
    made_at = time.time()
    counts = count_tags()
    cities = list(map(int, counts["city"]))
    hosts = [int(pk) for pk in nlargest(MOST_HOSTS, counts["host"], key=counts["host"].__getitem__)]
    rows: dict[str, list[Row]] = {"city": [], "category": [], "host": []}
    with connection.cursor() as cursor:
        cursor.execute(NAMES, [cities, hosts])
        for kind, pk, slug, name, *place in cursor:
            number = counts[kind].get(str(pk), 0)
            rows[kind].append((pk, slug, name, number, *(place if kind == "city" else ())))
    for named in rows.values():
        named.sort(key=lambda row: (-row[3], row[2], row[0]))
    languages = sorted(counts["language"].items(), key=lambda row: (-row[1], row[0]))
    return NameRows(made_at, rows["city"], rows["category"], rows["host"], languages)


def count_tags() -> Counts:
    """How many listings have each: from the bitmaps of a large site, in which to count would cost
    too much, or else counted.
    """
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    if index := facet_index():
        for tag, listings in index.tags.items():
            dimension, _colon, value = tag.partition(":")
            counts[dimension][value] = len(listings)
        return counts
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [timezone.now()])
        for dimension, value, number in cursor:
            counts[dimension][value] = number
    return counts
