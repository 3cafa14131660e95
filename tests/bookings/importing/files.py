"""Files of attendees."""

from collections.abc import Iterable

HEADER = "name,email,ticket type"


def attendees(count: int, ticket_type: str = "Standard") -> list[str]:
    return [
        f"Attendee {number},attendee{number}@example.com,{ticket_type}" for number in range(count)
    ]


def file_of(lines: Iterable[str]) -> bytes:
    return "\n".join([HEADER, *lines, ""]).encode()
