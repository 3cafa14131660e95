"""Cities, categories and hosts. What the database has already is used as it is."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import slugify
from text_unidecode import unidecode

from bookings.demo.audience import Audience
from bookings.demo.corpus import Corpus, Place, Publisher, Subject
from events.importing.places.aliases import aliases_of
from events.models import Category, City, Event, Host

if TYPE_CHECKING:
    from accounts.models import User

DEMO_HOST_SHARE = 0.5


class Slugs:
    """Slugs of one model that neither the database nor the demo has yet."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def make(self, text: str) -> str:
        base = slugify(unidecode(text))[:120].strip("-")
        slug, number = base, 1
        while slug in self._taken:
            number += 1
            slug = f"{base}-{number}"
        self._taken.add(slug)
        return slug


@dataclass(frozen=True, slots=True)
class Catalogue:
    cities: dict[str, City]
    categories: dict[str, Category]
    hosts: dict[str, Host]
    event_slugs: Slugs


def make_catalogue(corpus: Corpus, owners: Audience, demo_owner: "User") -> Catalogue:
    """Owners are drawn from those in the host's country."""
    known_cities = {(city.name, city.country_code): city for city in City.objects.all()}
    known_categories = {category.name: category for category in Category.objects.all()}
    city_slugs = Slugs(city.slug for city in known_cities.values())
    category_slugs = Slugs(category.slug for category in known_categories.values())
    host_slugs = Slugs(Host.objects.values_list("slug", flat=True))
    countries = {place.name: place.code for place in corpus.places}
    return Catalogue(
        cities={
            place.name: known_cities.get((place.name, place.code)) or _city(place, city_slugs)
            for place in corpus.places
        },
        categories={
            subject.slug: known_categories.get(subject.name) or _category(subject, category_slugs)
            for subject in corpus.subjects
        },
        hosts={
            publisher.name: _host(
                publisher,
                host_slugs,
                demo_owner if publisher.demo else owners.someone(countries.get(publisher.city)),
            )
            for publisher in corpus.publishers
        },
        event_slugs=Slugs(Event.objects.values_list("slug", flat=True)),
    )


def choose_publisher(
    corpus: Corpus, rng: random.Random, place: Place, category: str, *, is_online: bool
) -> Publisher:
    """The host of the city or one of the category's."""
    everywhere = [publisher for publisher in corpus.publishers if category in publisher.categories]
    demo = [publisher for publisher in everywhere if publisher.demo]
    if demo and rng.random() < DEMO_HOST_SHARE:
        return demo[0]
    local = [publisher for publisher in corpus.publishers if publisher.city == place.name]
    return rng.choice(everywhere if is_online or rng.random() < 0.5 else local)


def _city(place: Place, slugs: Slugs) -> City:
    latitude, longitude = place.position
    return City(
        name=place.name,
        slug=slugs.make(place.name),
        country=place.country,
        country_code=place.code,
        timezone=place.timezone,
        latitude=latitude,
        longitude=longitude,
        aliases=aliases_of(place.name, place.code),
    )


def _category(subject: Subject, slugs: Slugs) -> Category:
    return Category(
        name=subject.name, slug=slugs.make(subject.slug), description=subject.description
    )


def _host(publisher: Publisher, slugs: Slugs, owner: "User") -> Host:
    slug = slugs.make(publisher.name)
    return Host(
        name=publisher.name,
        slug=slug,
        description=publisher.text,
        website=f"https://{slug}.example",
        email=f"hello@{slug}.example",
        owner=owner,
    )
