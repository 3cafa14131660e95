import unicodedata

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.search.words import Words, fold, parse_words

# PostgreSQL may know letters that are newer than this Python.
ASSIGNED = st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\0")
NASTY = [
    "C++ & C#, F#",
    "İSTANBUL ıI",
    "Straße STRASSE ẞ",
    "ΣΊΣΥΦΟΣ Ὀδυσσεύς",
    "Søren Æsir Œuvre Þór Łódź Đà",
    "São Paulo, Kraków; Malmö… Reykjavík",
    "a\u00a0b\u2003c\u200bd\u3000e\ufefff",
    "tab\tnew\nline\r\x0b\x0c\x1c\x1d\x1e\x1fend",
    "don't «quote» “this” – or — that · x",
    "\\ ^ [ ] % _ ' \" `",
    "ﬀ ﬁ ½ ² ™ ℃ Ⅷ ３ ٣",
    "한국어 ガギグ ｶﾞ 東京都 नमस्ते مُحَمَّد שָׁלוֹם ภาษาไทย",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 😀👍🏽",
    "...",
    "",
]


def folded_by_postgres(texts):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT events_fold(text)"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS texts (text, place) ORDER BY place",
            [texts],
        )
        return [text for (text,) in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "alphabet", [st.characters(max_codepoint=127, exclude_characters="\0"), ASSIGNED]
)
def test_words_of_a_text_are_those_of_the_folded_text(alphabet):
    @given(texts=st.lists(st.text(alphabet, max_size=30), min_size=1, max_size=200))
    @settings(max_examples=60)
    def have_the_same_words(texts):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT text FROM unnest(%s::text[]) AS text"
                " WHERE to_tsvector('simple', events_tokens(text))"
                " <> to_tsvector('simple', events_fold(text))",
                [[*texts, *(f"ab{text}1{text}cd" for text in texts)]],
            )
            assert cursor.fetchall() == []

    have_the_same_words()


@pytest.mark.django_db
@given(texts=st.lists(st.text(ASSIGNED, max_size=30), min_size=1, max_size=200))
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_python_and_postgres_fold_any_text_alike(texts):
    assert folded_by_postgres(texts) == [fold(text) for text in texts]


@pytest.mark.django_db
def test_python_and_postgres_fold_nasty_texts_alike():
    assert folded_by_postgres(NASTY) == [fold(text) for text in NASTY]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Zürich, São-Paulo ", "zurich sao paulo"),
        ("C++ and C#", "cplusplus and csharp"),
        ("Łódź / Øresund", "lodz oresund"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("\x1cpasted\x1ftext", "pasted text"),
    ],
)
def test_folding_keeps_small_letters_without_accents(text, folded):
    assert fold(text) == folded


def test_folding_twice_changes_nothing_more():
    latin = [text for text in NASTY if unicodedata.is_normalized("NFKC", text)]
    assert [fold(fold(text)) for text in latin] == [fold(text) for text in latin]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the jazz of Köln", Words(("jazz", "koln"))),
        ("the", Words(("the",))),
        ('"machine learning" london', Words(("london",), ("machine learning",))),
        ("javascript -react", Words(("javascript",), (), ("react",))),
        ('ruby -"on rails"', Words(("ruby",), (), ("on rails",))),
        ("front-end jazz jazz", Words(("front", "end", "jazz"))),
        ('- -- "" \'', Words()),
    ],
)
def test_a_line_is_read_as_words_phrases_and_exclusions(text, words):
    assert parse_words(text) == words
