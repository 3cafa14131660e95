"""How likely it is that someone who typed one word meant another one."""

from itertools import pairwise
from math import log10

from events.search.vocabulary import Vocabulary
from events.search.words import STOP_WORDS

# Edits that may lie between a word of so many letters at least and what was meant; one more where
# both sound the same.
MOST_EDITS = ((10, 3), (8, 2), (4, 1))
SHORTEST = 3
# In edits. What differs in the first letter is rarely meant, what sounds the same often.
OTHER_FIRST_LETTER = 0.8
FOREIGN_NAME = 1.0
SAME_SOUND = -0.5
NEIGHBOURING_KEY = -0.3
TENFOLD_LISTINGS = -0.2

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Each key of a row lies below two of the row above.
NEIGHBOURS = frozenset(
    frozenset(pair)
    for pair in (
        *(pair for row in ROWS for pair in pairwise(row)),
        *(pair for upper, lower in pairwise(ROWS) for pair in zip(upper, lower, strict=False)),
        *(pair for upper, lower in pairwise(ROWS) for pair in zip(upper[1:], lower, strict=False)),
    )
)
# Letters that are written for one another, the longer ones first.
SOUNDS = (
    *(("tsch", "c"), ("sch", "s"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("qu", "kv")),
    *(("sh", "s"), ("ch", "c"), ("gh", "g"), ("kh", "k"), ("x", "ks"), ("c", "k"), ("z", "s")),
    *(("w", "v"), ("y", "i"), ("j", "i"), ("ie", "i"), ("ee", "i"), ("oo", "u"), ("ou", "u")),
)


def candidates(word: str, vocabulary: Vocabulary, most: int) -> list[tuple[str, float]]:
    """Words that may be meant by one that is not in the vocabulary, with what speaks against each:
    the likeliest first.
    """
    most_edits = next((edits for length, edits in MOST_EDITS if len(word) >= length), 0)
    if not most_edits or not word.isalpha():
        return []
    found = [
        (other, cost_of(word, other, edits, vocabulary.count(other) or 0))
        for other, edits in vocabulary.near(word, most_edits + 1)
        if len(other) >= SHORTEST
        and other not in STOP_WORDS
        and is_likely(word, other, edits, most_edits)
    ]
    return sorted(found, key=lambda pair: (pair[1], pair[0]))[:most]


def is_likely(word: str, other: str, edits: int, most_edits: int) -> bool:
    """One edit is a slip; several have to leave the first sound, too many all of them."""
    if edits <= 1:
        return True
    sound, other_sound = sound_of(word), sound_of(other)
    return sound == other_sound or (edits <= most_edits and sound[:1] == other_sound[:1])


def cost_of(word: str, other: str, edits: int, listings: int) -> float:
    cost = float(edits)
    sound, other_sound = sound_of(word), sound_of(other)
    if sound == other_sound:
        cost += SAME_SOUND
    elif is_neighbouring_key(word, other):
        cost += NEIGHBOURING_KEY
    if sound[:1] != other_sound[:1] and sorted(word[:2]) != sorted(other[:2]):
        cost += OTHER_FIRST_LETTER
    if not listings:
        cost += FOREIGN_NAME
    return cost + TENFOLD_LISTINGS * log10(1 + listings)


def is_neighbouring_key(word: str, other: str) -> bool:
    """Whether all that differs is one letter, of which the other is beside on the keyboard."""
    if len(word) != len(other):
        return False
    differing = [frozenset(pair) for pair in zip(word, other, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and differing[0] in NEIGHBOURS


def sound_of(word: str) -> str:
    """The same for words that sound alike in the languages that write in Latin letters."""
    for letters, sound in SOUNDS:
        word = word.replace(letters, sound)
    return "".join(letter for before, letter in pairwise(f" {word}") if letter != before)
