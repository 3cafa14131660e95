"""What may stand in the texts of an event."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from events.importing.exceptions import RowRefused

TITLE_LIMIT, SUMMARY_LIMIT, DESCRIPTION_LIMIT = 200, 300, 50_000
VENUE_LIMIT, ADDRESS_LIMIT, HOST_LIMIT = 200, 300, 120
WEBSITE_LIMIT = 500
IN_ADDRESSES = "%/:=&?~#+!$,;'@()*[]"
LAYOUT = "\t\n\r"

validate_web_address = URLValidator(schemes=["http", "https"])


def clean_line(text: str, field: str, limit: int) -> str:
    """The text on one line, single spaces between words. Refuses what the database or a page could
    not hold.
    """
    check_characters(text, field)
    line = " ".join(text.split())
    if len(line) > limit:
        raise RowRefused(f"{field} is longer than {limit} characters.")
    return line


def clean_paragraphs(text: str, field: str, limit: int = DESCRIPTION_LIMIT) -> str:
    check_characters(text, field)
    if len(text) > limit:
        raise RowRefused(f"{field} is longer than {limit} characters.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def check_characters(text: str, field: str) -> None:
    if text.isprintable():
        return
    for character in text:
        if character.isprintable() or character in LAYOUT:
            continue
        if character == "\0":
            raise RowRefused(f"{field} holds a NUL byte.")
        if unicodedata.category(character) in {"Cc", "Cs"}:
            raise RowRefused(f"{field} holds a control character (U+{ord(character):04X}).")


def web_address(text: str, field: str, remarks: list[str]) -> str:
    """An address that a browser opens. Another scheme is refused; an http address that is not well
    formed is left out, with a remark.
    """
    if not text:
        return ""
    try:
        scheme = urlsplit(text).scheme.lower()
    except ValueError:
        scheme = text.partition(":")[0].lower()
    if scheme not in {"http", "https"}:
        raise RowRefused(f"{field} “{text[:80]}” does not begin with http:// or https://.")
    address = quote(text, safe=IN_ADDRESSES)
    if len(address) > WEBSITE_LIMIT:
        raise RowRefused(f"{field} is longer than {WEBSITE_LIMIT} characters.")
    try:
        validate_web_address(address)
    except ValidationError:
        remarks.append(f"{field} “{text[:80]}” is left out: it is not a web address.")
        return ""
    return address


def minor_web_address(text: str, field: str, remarks: list[str]) -> str:
    """The same for an address that an event can do without: left out, whatever is wrong with it."""
    try:
        return web_address(text, field, remarks)
    except RowRefused as refusal:
        remarks.append(f"Left out: {refusal}")
        return ""
