"""The people of the demo who have accounts."""

import datetime as dt
import random
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from bookings.demo.corpus import Corpus
from bookings.demo.people import Population

if TYPE_CHECKING:
    from accounts.models import User

ACCOUNTS_IN_A_COUNTRY = 14
SHARE_OF_TRAVELLERS = 0.12


class Audience:
    """Users by country. None of them can log in."""

    def __init__(
        self,
        corpus: Corpus,
        population: Population,
        rng: random.Random,
        start_of_day: dt.datetime,
    ) -> None:
        self._rng = rng
        self._by_country: dict[str, list[User]] = {}
        for place in corpus.places:
            if place.code not in self._by_country:
                self._by_country[place.code] = [
                    self._account(population, place.code, place.timezone, start_of_day)
                    for _ in range(ACCOUNTS_IN_A_COUNTRY)
                ]

    @property
    def users(self) -> list["User"]:
        return [user for users in self._by_country.values() for user in users]

    def someone(self, country_code: str | None = None) -> "User":
        """From the country, if one is given; now and then from abroad."""
        if country_code is None or self._rng.random() < SHARE_OF_TRAVELLERS:
            country_code = self._rng.choice(list(self._by_country))
        return self._rng.choice(self._by_country[country_code])

    def _account(
        self, population: Population, country_code: str, zone: str, start_of_day: dt.datetime
    ) -> "User":
        person = population.person(country_code)
        return get_user_model()(
            email=population.address(person),
            name=person.name,
            timezone=zone,
            password=make_password(None),
            date_joined=start_of_day
            - dt.timedelta(days=self._rng.randint(160, 900), minutes=self._rng.randint(0, 1439)),
        )
