import re

from text_unidecode import unidecode

LAST_LATIN_LETTER = "\u024f"
LATIN_EXTRAS = "\u1e00-\u1eff\u2000-\u206f"
NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")
LATIN = re.compile(f"[\\0-{LAST_LATIN_LETTER}{LATIN_EXTRAS}]*")


def fold_place(name: str) -> str:
    """The same for "Łódź" and "lodz", "St. John's" and "St John’s". Other scripts are kept."""
    if not name.isascii() and LATIN.fullmatch(name):
        name = unidecode(name)
    if not name.isalnum():
        name = NEITHER_LETTER_NOR_DIGIT.sub("", name)
    return name.casefold()
