"""What the filters offer to choose from: one query, kept in the cache for a minute."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import F, Value
from django.db.models.functions import Concat

from events.models import Category, City

CACHE_KEY = "events.filter_choices"
CACHE_SECONDS = 60
MOST_CITIES = 60

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FilterChoices:
    categories: Choices
    cities: Choices


def filter_choices() -> FilterChoices:
    """Slugs and names: all categories, and the cities with the most upcoming events."""
    choices = cache.get(CACHE_KEY)
    if choices is None:
        choices = _load()
        cache.set(CACHE_KEY, choices, CACHE_SECONDS)
    return choices


def city_choice(slug: str) -> Choices:
    """The choice of one city, whether it has events or not; empty for an unknown one."""
    return [(city.slug, str(city)) for city in City.objects.filter(slug=slug)]


def category_choice(slug: str) -> Choices:
    return [(category.slug, category.name) for category in Category.objects.filter(slug=slug)]


def _load() -> FilterChoices:
    categories = Category.objects.order_by().values_list(Value("category"), "slug", "name")
    cities = (
        City.objects.with_upcoming_counts()
        .order_by(F("upcoming_count").desc(), "name")
        .values_list(Value("city"), "slug", Concat("name", Value(", "), "country"))
    )
    chosen: dict[str, Choices] = {"category": [], "city": []}
    for kind, slug, name in categories.union(cities[:MOST_CITIES], all=True):
        chosen[kind].append((slug, name))
    for choices in chosen.values():
        choices.sort(key=lambda choice: choice[1].casefold())
    return FilterChoices(categories=chosen["category"], cities=chosen["city"])
