import re

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Without what XML 1.0 has no way to write."""
    return _UNWRITABLE.sub("", text)
