"""What people look for: a mix of searches and filters, drawn from what there is."""

import random
from collections.abc import Iterator
from urllib.parse import urlencode

from events.days import When
from events.search.criteria import Access, PartOfDay, Sort
from events.search.names import Names

# Single words and several, of titles and of texts, whole, begun and misspelt.
TEXTS = (
    *("jazz", "python workshop", "jazz festival berlin", "yoga", "ceramics for beginners"),
    *("open air", "rock concert london", "data science", "food market", "berlin", "poetry"),
    *("half marathon", "wine tasting paris", "theat", "dance night", "salsa", "chess club"),
    *('"open air" -festival', "latin jazz", "photo walk", "short film tokyo", "kids museum"),
    *("jaz festval berln", "pyton", "sao paulo", "munchen"),
)
WHENS = (When.TODAY, When.TOMORROW, When.WEEKEND, When.NEXT_WEEK, When.MONTH)


def search_mix(names: Names, number: int, *, seed: int = 5) -> Iterator[str]:
    """So many query strings, the same ones for the same names. The first is of everything."""
    chance = random.Random(seed)
    yield ""
    for _ in range(number - 1):
        yield urlencode(_search(names, chance))


def _search(names: Names, chance: random.Random) -> dict[str, str]:
    some = {
        "q": (0.4, lambda: chance.choice(TEXTS)),
        "city": (0.35, lambda: _one_of(names.cities, chance)),
        "category": (0.3, lambda: chance.choice(names.categories).slug),
        "when": (0.3, lambda: chance.choice(WHENS).value),
        "max_price": (0.2, lambda: chance.choice(("0", "10", "25", "50"))),
        "time": (0.15, lambda: chance.choice(PartOfDay.values)),
        "attend": (0.1, lambda: chance.choice(("online", "in-person"))),
        "language": (0.1, lambda: chance.choice(names.languages).value),
        "access": (0.1, lambda: chance.choice(Access.values)),
        "available": (0.1, lambda: "1"),
        "host": (0.05, lambda: _one_of(names.hosts, chance)),
        "near": (0.08, lambda: _one_of(names.cities, chance)),
        "location": (0.05, lambda: chance.choice(("Germany", "France", "Hall", "Berlin"))),
        "view": (0.15, lambda: chance.choice(("calendar", "map"))),
        "sort": (0.15, lambda: chance.choice((Sort.POPULAR, Sort.PRICE, Sort.NEWEST)).value),
    }
    return {name: draw() for name, (share, draw) in some.items() if chance.random() < share}


def _one_of(rows: "tuple[object, ...]", chance: random.Random) -> str:
    """The slug of one, of those with the most listings more often."""
    place = min(int(chance.paretovariate(0.6)) - 1, len(rows) - 1)
    return str(getattr(rows[place], "slug"))  # noqa: B009 - of any kind of name
