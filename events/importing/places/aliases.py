"""The names of a city in other languages and spellings, by which people search."""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from events.distance import Position
from events.importing.places.gazetteer import KnownCity, gazetteer
from events.search.words import STOP_WORDS, fold

# What GeoNames has among codes of airports, and cannot be told from them.
SHORT_NAMES = {
    ("Kuala Lumpur", "MY"): "KL",
    ("New York", "US"): "NYC",
    ("Philadelphia", "US"): "Philly",
    ("San Francisco", "US"): "SF",
    ("Washington", "US"): "DC",
}
LEAST_LETTERS = 4  # of a Latin name: what is shorter means too much else
MOST_OF_SCRIPT = {"LATIN": 32, "CYRILLIC": 4, "CJK": 3, "ARABIC": 2, "HANGUL": 2}
MOST_OF_ANOTHER_SCRIPT = 1
OF_SHORT_WORDS = {"CJK", "HANGUL", "HIRAGANA", "KATAKANA", "THAI"}
# A word that is the whole name of so large another city means that one.
LARGE_POPULATION = 50_000
MOST_UNLIKE = 0.5

# How names look that are written letter by letter after another script, and those of languages that
# give each an ending of their own: these go first where a city has too many.
RARE = re.compile(
    r"kh|zh|eh[^aeiou]|oe[^aeiou]|[^aeiou]j[aeiou]|iu|yu|(as|is|us|um|ae|ii|oj)$"
    r"|[^a-zäöüßéèêáàâçñãõíóúôłńśćżźęąěščřžýůåæøőűğışțșăîū \-’]"
)
RUSSIAN = re.compile("[а-яё -]+")
NOT_IN_NAMES = re.compile(r"[^\w\s.\-’]|[\d_]")


def aliases_of(name: str, country_code: str, near: Position | None = None) -> str:
    """Between commas, as City.aliases holds them; empty for a city that GeoNames does not know.

    Left out are codes, what ``name`` matches by itself once it is folded, a name that another one
    begins with (one who types it finds that), and names that rather mean something else.
    """
    city = gazetteer().find(name, country_code, near=near)
    if city is None:
        return ""
    by_key: dict[str, str] = {}
    for alias in (city.name, *city.other_names):
        by_key.setdefault(fold(alias), alias)
    keys = list(chosen(by_key, fold(name), city))
    short = SHORT_NAMES.get((city.name, country_code))
    return ", ".join([*([short] if short else []), *(by_key[key] for key in keys)])


def chosen(by_key: dict[str, str], own: str, city: KnownCity) -> Iterator[str]:
    keys = [key for key in sorted(by_key) if is_telling(key, by_key[key], own, city)]
    keys.sort(key=lambda key: is_rare(by_key[key].lower()))
    room = Counter(MOST_OF_SCRIPT)
    for key in without_repetitions([own, *keys]):
        script = script_of(key)
        left = room.setdefault(script, MOST_OF_ANOTHER_SCRIPT)
        if key != own and left > 0:
            room[script] -= 1
            yield key


def is_telling(key: str, alias: str, own: str, city: KnownCity) -> bool:
    script = script_of(key)
    if not script or NOT_IN_NAMES.search(alias):
        return False
    if script != "LATIN":
        return True
    words, own_words = telling(key), telling(own)
    # What begins with a small letter is another script, letter by letter; AMS and SEA are airports.
    if len(key) < LEAST_LETTERS or alias[0].islower() or alias.isupper():
        return False
    if not 0 < len(words) <= max(len(own_words), 1) or not words - own_words:
        return False
    if len(words) > 1 and not any(alike(word, other) for word in words for other in own_words):
        return False
    return not any(
        word in names_of_large_cities() for word in words - own_words - {fold(city.name)}
    )


def is_rare(alias: str) -> bool:
    if script_of(alias) == "CYRILLIC":
        return not RUSSIAN.fullmatch(alias)
    return RARE.search(alias) is not None


def telling(key: str) -> set[str]:
    return set(key.split()) - STOP_WORDS


def alike(word: str, other: str) -> bool:
    return OSA.normalized_distance(word, other) <= MOST_UNLIKE


def without_repetitions(keys: Iterable[str]) -> Iterator[str]:
    """Of names that begin alike, the longest: who types the shorter one finds it. In a script
    whose words are so short that they are not taken for beginnings, the shortest.
    """
    kept = list(keys)
    for key in kept:
        if script_of(key) in OF_SHORT_WORDS:
            repeats = any(other != key and key.startswith(other) for other in kept)
        else:
            repeats = any(other != key and other.startswith(key) for other in kept)
        if not repeats:
            yield key


def script_of(key: str) -> str:
    """Empty where there are several. Japanese writes names with its own letters or with Chinese."""
    scripts = {
        unicodedata.name(letter, "?").split(" ")[0].removesuffix("-")
        for letter in key
        if letter.isalpha()
    }
    return scripts.pop() if len(scripts) == 1 else ""


@functools.cache
def names_of_large_cities() -> frozenset[str]:
    return frozenset(
        fold(city.name) for city in gazetteer().cities() if city.population >= LARGE_POPULATION
    )
