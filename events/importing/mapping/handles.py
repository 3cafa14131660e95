"""An event's further addresses: tickets, code of conduct, social networks."""

import re
from collections.abc import Iterator

from events.importing.mapping.fields import Fields
from events.importing.mapping.text import minor_web_address
from events.importing.record import Link

ADDRESSES = {"tickets": "Tickets", "code_of_conduct": "Code of conduct"}
TWITTER = re.compile(r"@?(\w{1,20})", re.ASCII)
MASTODON = re.compile(r"@?([\w.-]+)@([\w-]+(?:\.[\w-]+)+)", re.ASCII)
BLUESKY = re.compile(r"@?([\w-]+(?:\.[\w-]+)+)", re.ASCII)


def links_of(fields: Fields, remarks: list[str]) -> Iterator[Link]:
    for field, label in ADDRESSES.items():
        address = minor_web_address(fields.line(field, 2000), label.lower(), remarks)
        if address:
            yield Link(label, "", address)
    if handle := fields.line("twitter", 100):
        known = TWITTER.fullmatch(handle)
        yield Link("Twitter", handle, f"https://x.com/{known[1]}" if known else "")
    if handle := fields.line("mastodon", 100):
        known = MASTODON.fullmatch(handle)
        yield Link("Mastodon", handle, f"https://{known[2]}/@{known[1]}" if known else "")
    if handle := fields.line("bluesky", 100):
        known = BLUESKY.fullmatch(handle)
        yield Link("Bluesky", handle, f"https://bsky.app/profile/{known[1]}" if known else "")
