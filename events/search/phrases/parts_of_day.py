"""In the evening, at night, and what part of a day "Friday morning" is."""

from collections.abc import Iterator

from events.search.criteria import PartOfDay
from events.search.phrases.calendar_words import one_of
from events.search.phrases.line import Finding, Line, phrase

TIME = "time"

# After a day. What people call the night of a day is mostly its evening.
PARTS = {
    "morning": PartOfDay.MORNING, "mornings": PartOfDay.MORNING, "fruh": PartOfDay.MORNING,
    "vormittag": PartOfDay.MORNING, "matin": PartOfDay.MORNING, "morgen": PartOfDay.MORNING,
    "por la manana": PartOfDay.MORNING, "vormittags": PartOfDay.MORNING,
    "morgens": PartOfDay.MORNING,
    "afternoon": PartOfDay.AFTERNOON, "afternoons": PartOfDay.AFTERNOON,
    "nachmittag": PartOfDay.AFTERNOON, "nachmittags": PartOfDay.AFTERNOON,
    "apres-midi": PartOfDay.AFTERNOON, "por la tarde": PartOfDay.AFTERNOON,
    "evening": PartOfDay.EVENING, "evenings": PartOfDay.EVENING, "abend": PartOfDay.EVENING,
    "abends": PartOfDay.EVENING, "soir": PartOfDay.EVENING, "por la noche": PartOfDay.EVENING,
    "night": PartOfDay.EVENING, "nacht": PartOfDay.EVENING,
}  # fmt: skip
PART = one_of(PARTS)
# The part of a day that is not named.
AT_TIMES = {
    phrase("in the mornings?|am vormittag|vormittags|morgens|le matin|por la manana"): "morning",
    phrase("in the afternoons?|am nachmittag|nachmittags|l'apres-midi|por la tarde"): "afternoon",
    phrase("in the evenings?|am abend|abends|le soir|por la noche"): "evening",
    phrase("at night|late at night|in der nacht|nachts|la nuit"): "night",
}


def read_parts_of_day(line: Line) -> Iterator[Finding]:
    for named, part in AT_TIMES.items():
        for found in named.finditer(line.plain):
            yield Finding(*found.span(), TIME, {"time": [part]})
