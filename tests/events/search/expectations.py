"""What people would expect to find, said of the rows of conferences.json without asking the code
under test.
"""

import json
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

AT = 10
QUERIES = Path(__file__).with_name("queries.json")
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Query:
    """A row is relevant for which all that is given holds: ``about`` one of these topics, or with a
    name that has one of these words; ``city`` one of these, or with a name that has one;
    ``country``; ``name`` with one of these words, of which "women+tech" is two anywhere; and with
    none of ``not_name``. A word is in a name that has one beginning with it.
    """

    query: str
    kind: str
    about: list[str] = field(default_factory=list)
    city: list[str] = field(default_factory=list)
    country: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    not_name: list[str] = field(default_factory=list)
    online: bool = False

    def wants(self, row: dict[str, Any]) -> bool:
        name = plain(row["name"])
        city = row.get("city", "").partition(",")[0]
        return (
            (not self.about or not {*self.about}.isdisjoint(row["topics"]) or has(name, self.about))
            and (not self.city or city in self.city or has(name, self.city))
            and (not self.country or row.get("country") in self.country)
            and (not self.name or has(name, self.name))
            and not has(name, self.not_name)
            and (not self.online or row.get("online", False))
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """The rows that a query showed first, in order, and how many there are to be found."""

    query: Query
    shown: list[dict[str, Any]]
    relevant: int

    @property
    def recall(self) -> float:
        found = sum(self.query.wants(row) for row in self.shown[:AT])
        return found / min(AT, self.relevant)

    @property
    def rubbish(self) -> list[str]:
        """The names of those among the first three that nobody wants."""
        return [row["name"] for row in self.shown[:3] if not self.query.wants(row)]


def load_queries() -> list[Query]:
    return [Query(**query) for query in json.loads(QUERIES.read_text())]


def has(name: str, words: list[str]) -> bool:
    return any(
        all(re.search(rf"(?<!\w){re.escape(plain(part))}", name) for part in word.split("+"))
        for word in words
    )


def plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(part for part in parts if not unicodedata.combining(part)).translate(LETTERS)
