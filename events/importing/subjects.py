"""Readable names for the short words of files: topics, series of events, languages."""

import re
from dataclasses import dataclass

from django.conf.locale import LANG_INFO
from django.utils.text import slugify
from text_unidecode import unidecode

from events.importing.exceptions import RowRefused

CATEGORY_LIMIT = 60
LANGUAGE_LIMIT = 60
OTHER = "Other"

TOPICS = {
    "api": "API",
    "cfml": "CFML",
    "cpp": "C++",
    "csharp": "C#",
    "css": "CSS",
    "devops": "DevOps",
    "dotnet": ".NET",
    "general": "Technology",
    "golang": "Go",
    "graphql": "GraphQL",
    "ios": "iOS",
    "iot": "Internet of Things",
    "javascript": "JavaScript",
    "opensource": "Open Source",
    "php": "PHP",
    "sre": "Site Reliability",
    "tech-comm": "Technical Communication",
    "typescript": "TypeScript",
    "ux": "UX",
}
# One word each, that only needs its capital.
PLAIN_TOPICS = {
    "accessibility",
    "android",
    "clojure",
    "data",
    "elixir",
    "elm",
    "groovy",
    "haskell",
    "identity",
    "java",
    "kotlin",
    "leadership",
    "networking",
    "performance",
    "product",
    "python",
    "ruby",
    "rust",
    "scala",
    "security",
    "testing",
}
WRITTEN_OUT = {name.casefold(): name for name in TOPICS.values()}
SLUGS = {"C#": "csharp", "C++": "cpp", ".NET": "dotnet"}

SERIES_WORDS = {
    "arrrrcamp": "ArrrrCamp",
    "baruco": "BaRuCo",
    "deccanrubyconf": "Deccan RubyConf",
    "euruko": "EuRuKo",
    "fosdem": "FOSDEM",
    "gogaruco": "GoGaRuCo",
    "goruco": "GoRuCo",
    "jrubyconf": "JRubyConf",
    "lrug": "LRUG",
    "nwrug": "NWRUG",
    "picorubykaigi": "PicoRubyKaigi",
    "railsberry": "Railsberry",
    "rbqconf": "RBQConf",
    "rubyday": "RubyDay",
    "rubyconfth": "RubyConf TH",
    "rubyenrails": "RubyEnRails",
    "rubyrussia": "RubyRussia",
    "scotlandonrails": "Scotland on Rails",
    "sfruby": "SF Ruby",
    "wroclove": "wroclove",
    "xoruby": "XO Ruby",
    **{word: word for word in ("and", "as", "at", "by", "de", "for", "in", "of", "on", "the")},
    **{word: word.upper() for word in ("au", "eu", "lt", "my", "nz", "sf", "uk", "us")},
}
LOWER_CASE_NAMES = ("wroclove",)

LANGUAGES = {"jp": "Japanese", "ua": "Ukrainian", "zh": "Chinese"}


@dataclass(frozen=True, slots=True)
class Subject:
    """A category: its name, and the slug for its page."""

    name: str
    slug: str


def topic_name(topic: str) -> str:
    """Such as "JavaScript" for javascript. Of an unknown topic, the first letter is made large."""
    key = topic.casefold()
    if key in PLAIN_TOPICS:
        return key.capitalize()
    if known := TOPICS.get(key) or WRITTEN_OUT.get(key):
        return known
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", topic):
        topic = topic.replace("-", " ")
    return topic[:1].upper() + topic[1:]


def subject_of(topic: str) -> Subject:
    name = topic_name(topic)
    if len(name) > CATEGORY_LIMIT:
        raise RowRefused(f"The category is longer than {CATEGORY_LIMIT} characters.")
    slug = SLUGS.get(name) or slugify(unidecode(name))[:CATEGORY_LIMIT]
    if not slug:
        raise RowRefused(f"The category “{name}” has no letters.")
    return Subject(name, slug)


def topic_within(text: str) -> str:
    """A topic that a name such as "Python Events Calendar" holds; empty if it holds none."""
    words = re.findall(r"[\w#+.]+", text.lower())
    return next((word for word in words if word in TOPICS or word in PLAIN_TOPICS), "")


def series_name(series: str) -> str:
    """Such as "wroclove.rb" for wroclove-rb, and "Balkan Ruby" for balkanruby."""
    name = " ".join(series_word(word) for word in series.split("-") if word).replace(" Rb", ".rb")
    return name if name.startswith(LOWER_CASE_NAMES) else name[:1].upper() + name[1:]


def series_word(word: str) -> str:
    if word in SERIES_WORDS:
        return SERIES_WORDS[word]
    if glued := re.fullmatch(r"(ruby|rails)(\w{4,})", word):
        return glued[1].capitalize() + glued[2].capitalize()
    if glued := re.fullmatch(r"(\w{3,})(ruby|rails)", word):
        return f"{glued[1].capitalize()} {glued[2].capitalize()}"
    if glued := re.fullmatch(r"(\w{3,})(conf|camp)", word):
        return glued[1].capitalize() + glued[2].capitalize()
    if glued := re.fullmatch(r"(\w{3,})rb", word):
        return f"{glued[1].capitalize()}.rb"
    return word.capitalize()


def language_names(codes: list[str]) -> str:
    """Such as "English, German" for EN and DE; a language that is written out stays as it is."""
    names = []
    for code in codes:
        key = code.lower()
        known = LANG_INFO.get(key, {}).get("name")
        name = LANGUAGES.get(key) or known or code
        if name not in names:
            names.append(name)
    text = ", ".join(names)
    if len(text) > LANGUAGE_LIMIT:
        raise RowRefused(f"The languages are longer than {LANGUAGE_LIMIT} characters.")
    return text
