"""Words that nothing is found by, read as others that are alike and do find something."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import islice, pairwise, product

from events.search.criteria import Criteria
from events.search.finding import Moment, Search
from events.search.kept_names import names
from events.search.known_words import mark_known
from events.search.likeness import candidates
from events.search.vocabulary import Vocabulary
from events.search.vocabulary_store import vocabulary
from events.search.words import STOP_WORDS, Words, fold

MOST_WORDS = 12  # of more, nobody misspelled one
MOST_UNKNOWN = 4
MOST_READINGS_OF_A_WORD = 4
MOST_TRIED = 5
# In edits, as candidates are weighed.
RENAMED, JOINED, SPLIT = 0.1, 0.7, 0.9
SHORTEST_PART = 3
WORD_AND_NUMBER = re.compile(r"([^\W\d_]{2,})(\d{2,4})")  # "pycon2026"


@dataclass(frozen=True, slots=True)
class Correction:
    """``changed`` are the pairs of what was typed and what is looked for instead. The words find
    something together, unless ``finds_all`` is False: then only what was changed does, by itself.
    """

    words: Words
    changed: tuple[tuple[str, str], ...]
    finds_all: bool

    def __str__(self) -> str:
        """For “Showing events for ...”."""
        return str(self.words)


@dataclass(frozen=True, slots=True)
class Reading:
    """Of the words from ``start`` to before ``end``, what they are read as."""

    start: int
    end: int
    words: tuple[str, ...]
    cost: float


def correct(criteria: Criteria, moment: Moment) -> Correction | None:
    """What was probably meant by a search that finds nothing, or None.

    Words that find something by themselves stay as they are, and so do phrases, numbers and what
    is excluded. May ask the database for each word.
    """
    words = criteria.words.words
    if not words or len(words) > MOST_WORDS:
        return None
    known = vocabulary()
    if known is None:
        return None
    unknown = unknown_words(words, known, moment)
    tried = list(readings_of_all(words, unknown, known))
    if not tried:
        return None
    searches = [
        replace(criteria, words=mark_known(replace(criteria.words, words=new(words, readings))))
        for readings in tried
    ]
    number = next((n for n, search in enumerate(searches) if finds(search, moment)), None)
    if number is None and not unknown:
        return None
    readings = tried[number or 0]
    changed = tuple(
        (" ".join(words[reading.start : reading.end]), " ".join(reading.words))
        for reading in readings
    )
    return Correction(searches[number or 0].words, changed, finds_all=number is not None)


def unknown_words(words: Sequence[str], known: Vocabulary, moment: Moment) -> set[int]:
    """The places of those that nothing is found by: a description or a stem may still have what
    the vocabulary does not.
    """
    unknown = [
        place
        for place, word in enumerate(words)
        if (word.isalpha() or WORD_AND_NUMBER.fullmatch(word)) and not known.knows(word)
    ]
    return {
        place
        for place in unknown[:MOST_UNKNOWN]
        if not finds(Criteria(words=Words((words[place],))), moment)
    }


def readings_of_all(
    words: Sequence[str], unknown: set[int], known: Vocabulary
) -> Iterator[tuple[Reading, ...]]:
    """Ways to read the words, the likeliest first, in each of which every unknown word is read as
    one that is known, or else, one in which two words are joined.
    """
    joined = list(joined_words(words, known))
    if not unknown:
        yield from ((reading,) for reading in joined)
        return
    choices = []
    for place in sorted(unknown):
        readings = [reading for reading in joined if reading.start <= place < reading.end]
        readings += other_words(words[place], place, known)
        readings += split_words(words[place], place, known)
        readings += country_names(words[place], place)
        if readings:
            choices.append(nsmallest(MOST_READINGS_OF_A_WORD, readings, key=cost))
    ways = {}
    for chosen in product(*choices):
        way = tuple(dict.fromkeys(chosen))
        if way and not overlap(way):
            ways[way] = sum(map(cost, way))
    yield from islice(sorted(ways, key=ways.__getitem__), MOST_TRIED)


def cost(reading: Reading) -> float:
    return reading.cost


def overlap(readings: Sequence[Reading]) -> bool:
    return any(reading.end > following.start for reading, following in pairwise(readings))


def joined_words(words: Sequence[str], known: Vocabulary) -> Iterator[Reading]:
    """ "hack athon"."""
    for place in range(len(words) - 1):
        joined = words[place] + words[place + 1]
        if known.count(joined):
            yield Reading(place, place + 2, (joined,), JOINED)


def other_words(word: str, place: int, known: Vocabulary) -> Iterator[Reading]:
    for other, cost in candidates(word, known, MOST_READINGS_OF_A_WORD):
        yield Reading(place, place + 1, (other,), cost)


def country_names(word: str, place: int) -> Iterator[Reading]:
    """ "deutschland"."""
    if country := names().country_named(word):
        yield Reading(place, place + 1, tuple(fold(country.name).split()), RENAMED)


def split_words(word: str, place: int, known: Vocabulary) -> Iterator[Reading]:
    """ "pythonconf"."""
    if (parted := WORD_AND_NUMBER.fullmatch(word)) and known.count(parted[1]):
        yield Reading(place, place + 1, parted.groups(), SPLIT)
    for length in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        parts = word[:length], word[length:]
        if all(known.count(part) and part not in STOP_WORDS for part in parts):
            yield Reading(place, place + 1, parts, SPLIT)


def new(words: Sequence[str], readings: Sequence[Reading]) -> tuple[str, ...]:
    result: list[str] = []
    place = 0
    for reading in readings:
        result += [*words[place : reading.start], *reading.words]
        place = reading.end
    return tuple(dict.fromkeys([*result, *words[place:]]))


def finds(criteria: Criteria, moment: Moment) -> bool:
    return Search(criteria, moment, word_by_word=True).has_any()
