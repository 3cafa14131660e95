"""What people type into the search box, as words to look for.

``fold`` does what the SQL function ``events_fold`` does with what is looked in.
"""

import re
import unicodedata
from dataclasses import dataclass

LETTERS = str.maketrans("øłđıħŧŋðς", "oldihtndσ") | {
    ord(letter): letters for letter, letters in (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th"))
}
ACCENTS = re.compile("[\u0300-\u036f]")
PUNCTUATION = re.compile(r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~·•’‘“”„«»‹›–—¡¿\s]+""")
LANGUAGES = (("c++", "cplusplus"), ("c#", "csharp"), ("f#", "fsharp"))

QUOTED = re.compile(r'(?P<minus>(?<!\S)-)?["“”„«](?P<text>[^"“”„«»]*)["“”»]')
EXCLUDED = re.compile(r"(?<!\S)-(?=\w)(?P<text>\S+)")

# They are in most texts, or in none of another language.
STOP_TEXT = """
a about all am an and any are as at be been but by can did do does for from had has have he her
here him his how i if in into is it its just me more most my no nor not of off on once only or
other our out over own same she should so some such than that the their them then there these
they this those through to too under until up very was we were what when where which while who
whom why will with you your
auf aus bei bin das dem den der des die ein eine fur im ist mit oder und vom von zu zum zur
au aux avec ce dans de des du en est et la le les ou par pour sur un une
al da dei del della delle di e el gli il las lo los o para per por su y
do dos em na no nos os um uma en och og het van voor
"""
STOP_WORDS = frozenset(STOP_TEXT.split())


@dataclass(frozen=True, slots=True)
class Words:
    """Folded. A text matches that has every word or one that begins with it, each phrase word by
    word, and nothing of what is excluded. Those of the words that are ``whole`` are known, and are
    not looked for as the beginning of another.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    whole: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases or self.excluded)

    def __str__(self) -> str:
        """As people would type it."""
        parts = [
            *self.words,
            *(f"“{phrase}”" for phrase in self.phrases),
            *(f"-“{word}”" if " " in word else f"-{word}" for word in self.excluded),
        ]
        return unicodedata.normalize("NFC", " ".join(parts))


NO_WORDS = Words()


def fold(text: str) -> str:
    """Small letters without accents, words between single spaces."""
    text = text.lower()
    if not text.isascii():
        text = ACCENTS.sub("", unicodedata.normalize("NFKD", text)).translate(LETTERS)
    for name, word in LANGUAGES:
        text = text.replace(name, word)
    return PUNCTUATION.sub(" ", text).strip()


def parse_words(text: str) -> Words:
    """Read words, "quoted phrases" and -excluded ones. Words that say nothing (the, of) are left
    out where others are there.
    """
    phrases: list[str] = []
    excluded: list[str] = []
    for found in QUOTED.finditer(text):
        if folded := fold(found["text"]):
            (excluded if found["minus"] else phrases).append(folded)
    text = QUOTED.sub(" ", text)
    excluded += filter(None, (fold(found["text"]) for found in EXCLUDED.finditer(text)))
    words = list(dict.fromkeys(fold(EXCLUDED.sub(" ", text)).split()))
    telling = [word for word in words if word not in STOP_WORDS]
    return Words(tuple(telling or words), tuple(phrases), tuple(excluded))
