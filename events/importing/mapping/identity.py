"""UIDs: the same row has the same one in every import."""

import datetime as dt
import hashlib

from events.importing.places.names import fold_place

UID_LIMIT = 255
DOMAIN = "import.eventmate"


def uid_of_address(address: str, start: dt.date) -> str:
    """An address is used again each year, so that it takes the first day with it."""
    return within_limit(f"{address}#{start}")


def uid_of_facts(title: str, start: dt.date, city: str) -> str:
    """For a row that says nothing else that could tell it apart."""
    facts = f"{fold_place(title) or title}|{start}|{fold_place(city)}"
    return f"{digest(facts)}@{DOMAIN}"


def within_limit(uid: str) -> str:
    return uid if len(uid) <= UID_LIMIT else f"{digest(uid)}@{DOMAIN}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
