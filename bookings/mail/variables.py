"""What stands for something of each reader's own in a letter, such as {name}."""

import re
from collections.abc import Mapping

VARIABLES = ("name", "event", "ticket_link")

_IN_BRACES = re.compile(r"\{([^{}]*)\}")


def unknown_variables(text: str) -> list[str]:
    """Those in braces that stand for nothing, as they were typed, each once."""
    found = (match for match in _IN_BRACES.finditer(text) if _name(match) not in VARIABLES)
    return list(dict.fromkeys(match[0] for match in found))


def has_variable(text: str, name: str) -> bool:
    return any(_name(match) == name for match in _IN_BRACES.finditer(text))


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables' values. Braces in a value stay as they are: people choose their
    own names.
    """
    return _IN_BRACES.sub(lambda match: values.get(_name(match), match[0]), text)


def _name(match: re.Match[str]) -> str:
    return match[1].strip().lower()
