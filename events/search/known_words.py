"""Which of the words that people look for are whole."""

from dataclasses import replace

from events.search.vocabulary_store import vocabulary
from events.search.words import Words

# Listings that have a word.
ENOUGH = 1000


def mark_known(words: Words) -> Words:
    """The same, with those that very many listings have marked as whole: the index finds a word
    much faster than all that begin with it, and what it finds is enough then.
    """
    known = vocabulary() if words.words else None
    if known is None:
        return words
    whole = (word for word in words.words if (known.count(word) or 0) >= ENOUGH)
    return replace(words, whole=frozenset(whole))
