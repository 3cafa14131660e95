"""The cities, categories and hosts of the database, and new ones where records need them."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser

from events.distance import kilometres
from events.importing.places.aliases import aliases_of
from events.importing.places.gazetteer import NEAR_KILOMETRES
from events.importing.places.locating import Place
from events.importing.places.names import fold_place
from events.importing.record import EventRecord
from events.importing.subjects import Subject
from events.importing.writing.slugs import city_slugs, host_slug
from events.models import Category, City, Host


class Catalogue:
    """Reads cities and categories once; after that, each call of ``prepare`` makes at most four
    queries.
    """

    def __init__(self, owner: AbstractBaseUser) -> None:
        self._owner_id = owner.pk
        self._categories: dict[str, Category] = {}
        self._cities_by_name: dict[tuple[str, str], list[City]] = defaultdict(list)
        self._city_slugs: set[str] = set()
        self._city_of_place: dict[Place, City] = {}
        self._hosts: dict[str, Host] = {}
        for category in Category.objects.all():
            self._keep_category(category)
        for city in City.objects.all():
            self._keep_city(city)

    def prepare(self, records: Iterable[EventRecord]) -> None:
        """Makes what these records name and the database does not have."""
        records = list(records)
        self._prepare_categories(dict.fromkeys(record.subject for record in records))
        self._prepare_cities(dict.fromkeys(record.place for record in records if record.place))
        self._prepare_hosts(dict.fromkeys(record.host for record in records))

    def category(self, subject: Subject) -> Category:
        return self._categories.get(subject.slug) or self._categories[subject.name.casefold()]

    def city(self, place: Place | None) -> City | None:
        return None if place is None else self._city_of_place[place]

    def host(self, name: str) -> Host:
        return self._hosts[host_slug(name)]

    def _keep_category(self, category: Category) -> None:
        self._categories[category.slug] = category
        self._categories[category.name.casefold()] = category

    def _prepare_categories(self, subjects: Iterable[Subject]) -> None:
        missing = {
            subject.slug: Category(name=subject.name, slug=subject.slug)
            for subject in subjects
            if not {subject.slug, subject.name.casefold()} & self._categories.keys()
        }
        for category in Category.objects.bulk_create(missing.values()):
            self._keep_category(category)

    def _keep_city(self, city: City) -> None:
        self._city_slugs.add(city.slug)
        self._cities_by_name[city.country_code, fold_place(city.name)].append(city)

    def _prepare_cities(self, places: Iterable[Place]) -> None:
        created = []
        for place in places:
            if place in self._city_of_place:
                continue
            city = self._find_city(place)
            if city is None:
                city = self._new_city(place)
                created.append(city)
                self._keep_city(city)
            self._city_of_place[place] = city
        City.objects.bulk_create(created)

    def _find_city(self, place: Place) -> City | None:
        """By any of the place's names, but not a namesake elsewhere in the country."""
        candidates = [
            city
            for key in sorted(place.keys, key=lambda key: key != fold_place(place.name))
            for city in self._cities_by_name.get((place.country_code, key), [])
        ]
        return next((city for city in candidates if is_city_of(city, place)), None)

    def _new_city(self, place: Place) -> City:
        latitude, longitude = place.position or (None, None)
        slugs = city_slugs(place.name, place.region, place.country)
        return City(
            name=place.name,
            slug=next((slug for slug in slugs if slug not in self._city_slugs), slugs[-1]),
            region=place.region,
            country=place.country,
            country_code=place.country_code,
            timezone=place.timezone,
            latitude=latitude,
            longitude=longitude,
            aliases=aliases_of(place.name, place.country_code, place.position),
        )

    def _prepare_hosts(self, names: Iterable[str]) -> None:
        """Forgets those of the records before: a long file may have more than memory should."""
        names_by_slug = {host_slug(name): name for name in names}
        hosts = {host.slug: host for host in Host.objects.filter(slug__in=names_by_slug)}
        missing = [
            Host(name=names_by_slug[slug], slug=slug, owner_id=self._owner_id)
            for slug in sorted(names_by_slug.keys() - hosts.keys())
        ]
        self._hosts = hosts | {host.slug: host for host in Host.objects.bulk_create(missing)}


def is_city_of(city: City, place: Place) -> bool:
    if (city.name, city.region) == (place.name, place.region):
        return True
    if city.latitude is not None and city.longitude is not None and place.position is not None:
        return kilometres((city.latitude, city.longitude), place.position) < NEAR_KILOMETRES
    return not city.region or not place.region or city.region == place.region
