"""Which words to do without, where no event has them all."""

from collections.abc import Iterable
from itertools import combinations
from math import log

from events.search.kept_names import names
from events.search.vocabulary import Vocabulary
from events.search.vocabulary_store import vocabulary
from events.search.words import Words

MOST_TRIED = 6
MOST_LEFT_OUT = 3
MOST_CONSIDERED = 8
# What the name of a place says on top, as if a few times fewer events had it: an event elsewhere
# is rarely an answer.
OF_A_PLACE = 2.0

LeftOut = tuple[str, ...]


def relax(words: Words) -> list[LeftOut]:
    """What to leave out, that which loses least first. A word of which nothing is known is always
    left out; of the others, what many events have says little.
    """
    known = vocabulary()
    if known is None:
        most = min(MOST_LEFT_OUT, len(words.words) - 1)
        return [words.words[-number:] for number in range(1, most + 1)]
    unknown = tuple(word for word in words.words if not known.knows(word))
    rest = [word for word in words.words if word not in unknown]
    said = {word: information(word, known) for word in rest}
    tried = [
        left_out
        for number in range(min(MOST_LEFT_OUT, len(rest) - 1) + 1)
        for left_out in combinations(rest[:MOST_CONSIDERED], number)
        if left_out or unknown
    ]
    tried.sort(key=lambda left_out: total(left_out, said))
    return [(*unknown, *left_out) for left_out in tried[:MOST_TRIED]]


def information(word: str, known: Vocabulary) -> float:
    """What it says of an event that it has this word: more, the fewer have it."""
    place = OF_A_PLACE if is_place(word) else 0.0
    return place + log(max(known.counts, default=1) + 1) - log((known.count(word) or 0) + 1)


def is_place(word: str) -> bool:
    return bool(names().cities_named(word)) or names().country_named(word) is not None


def total(words: Iterable[str], said: dict[str, float]) -> float:
    return sum(said[word] for word in words)
