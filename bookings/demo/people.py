"""People with names that fit a country."""

import random
from dataclasses import dataclass

from django.utils.text import slugify
from text_unidecode import unidecode

from bookings.demo.corpus import Corpus

MAIL_DOMAINS = ("example.com", "example.net", "example.org")


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    last: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


class Population:
    def __init__(self, corpus: Corpus, rng: random.Random) -> None:
        self._names = corpus.names
        self._rng = rng
        self._addresses: set[str] = set()

    def person(self, country_code: str) -> Person:
        first, last = self._names[country_code]
        return Person(self._rng.choice(first), self._rng.choice(last))

    def group(self, country_code: str, size: int) -> list[Person]:
        """People who share neither a first nor a last name."""
        first, last = self._names[country_code]
        return [
            Person(*names)
            for names in zip(
                self._rng.sample(first, size), self._rng.sample(last, size), strict=True
            )
        ]

    def address(self, person: Person) -> str:
        """An e-mail address that nobody else has, at a domain that takes no mail."""
        base = slugify(unidecode(person.name)).replace("-", ".")
        local, number = base, 1
        while local in self._addresses:
            number += 1
            local = f"{base}{number}"
        self._addresses.add(local)
        return f"{local}@{self._rng.choice(MAIL_DOMAINS)}"
