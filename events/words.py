"""The words of events, whatever their state: the public lists know only those that are to come."""

from django.db.models import Func

from eventmate.words import WordsOf


class FoldedWordsOf(WordsOf):
    """As people may type them: see events_fold, and fold() of events/search/words.py."""

    function = "events_fold"


def words_of_event() -> Func:
    return FoldedWordsOf("title", "venue")
