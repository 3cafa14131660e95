"""Finding rows by how words of theirs begin, by an index, whatever their number."""

from collections.abc import Iterable

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func, Value


class WordsOf(Func):
    """What stands between spaces in these fields, in small letters: an address is one word.

    PostgreSQL's own parser would part "ada@exam" in two where it knows "ada@example.org" as one, so
    that nobody would find by what they have typed so far.
    """

    template = (
        "array_to_tsvector(array_remove(string_to_array(%(function)s(%(expressions)s), ' '), ''))"
    )
    function = "lower"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class DomainOf(Func):
    """Of an e-mail address: what follows the @."""

    template = "split_part(%(expressions)s, '@', 2)"


class Beginnings(SearchQuery):
    """What has words that begin so, all of them. They are taken as they are, and not parsed."""

    template = "(%(expressions)s)::tsquery"

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__(Value(" & ".join(f"{_quoted(word)}:*" for word in words)))


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
