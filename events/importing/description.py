"""An event's texts, composed of what a record knows, in Markdown."""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from events.importing.record import EventRecord, Link
from events.importing.subjects import OTHER

MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")


def summary_of(record: EventRecord) -> str:
    """The source's own, or such as "Python conference in Berlin, Germany, and online."."""
    if record.summary:
        return record.summary
    subject = f"{record.subject.name} {record.kind}"
    if record.subject.name == OTHER:
        subject = record.kind.capitalize()
    if record.place is None:
        return f"{subject}, online." if record.is_online else f"{subject}."
    place = f"{subject} in {record.place.name}, {record.place.country}"
    if record.place.name == record.place.country:
        place = f"{subject} in {record.place.name}"
    return f"{place}, and online." if record.is_online else f"{place}."


def description_of(record: EventRecord) -> str:
    facts = "\n".join(f"- **{label}:** {text}" for label, text in facts_of(record))
    parts = [record.text, facts, demonstration_note(record)]
    return "\n\n".join(part for part in parts if part)


def facts_of(record: EventRecord) -> Iterator[tuple[str, str]]:
    if len(record.topics) > 1:
        yield "Topics", ", ".join(map(escaped, record.topics))
    if record.has_sign_language:
        yield "Accessibility", "sign language or captions"
    if call := record.call_for_papers:
        until = f"until {call.until.day} {call.until:%B %Y}" if call.until else ""
        address = link("", call.address) if call.address else ""
        yield "Call for papers", ", ".join(part for part in (address, until) if part)
    for further in record.links:
        yield further.label, text_of(further)


def demonstration_note(record: EventRecord) -> str:
    if record.moved_from is None:
        return ""
    return f"*Moved for a demonstration: this event really took place {record.moved_from.dates}.*"


def text_of(further: Link) -> str:
    return link(further.text, further.address) if further.address else escaped(further.text)


def link(text: str, address: str) -> str:
    """The host's name stands for a link without a text."""
    target = quote(address, safe="%/:=&?~#+!$,;'@*[]")
    return f"[{escaped(text or urlsplit(address).netloc)}](<{target}>)"


def escaped(text: str) -> str:
    return MARKDOWN_SIGNS.sub(r"\\\1", text)
