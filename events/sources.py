"""Where a visitor comes from, as the link that they followed says it: ``?ref=newsletter``."""

import re
from collections.abc import Mapping

PARAMETER = "ref"
LONGEST = 40
SOURCE = re.compile(rf"\w[\w.\-]{{0,{LONGEST - 1}}}\Z")


def source_in(data: Mapping[str, str]) -> str:
    """One short word in small letters; empty where there is none, or something else. It comes with
    a link: whoever followed that cannot correct it.
    """
    source = data.get(PARAMETER, "").strip().lower()
    return source if SOURCE.match(source) else ""
