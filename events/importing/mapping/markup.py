"""HTML that calendars put into descriptions, as Markdown."""

import re

from bs4 import BeautifulSoup
from markdownify import MarkdownConverter

from events.importing.exceptions import RowRefused

TAG = re.compile(r"<(?:/?[a-z][a-z0-9]*\b[^<>]*|!--.*?--)>", re.IGNORECASE | re.DOTALL)
INVISIBLE = ["script", "style", "template", "title"]
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'\])]+", re.IGNORECASE)
DEEPEST = 100


def markdown_of(text: str) -> str:
    """Text without tags stays as it is."""
    if not TAG.search(text):
        return text
    document = BeautifulSoup(with_line_breaks(text), "html.parser")
    for tag in document.find_all(INVISIBLE):
        tag.decompose()
    if any(len(list(tag.parents)) > DEEPEST for tag in document.find_all()):
        raise RowRefused("The description's HTML is nested too deeply.")
    converter = MarkdownConverter(heading_style="ATX", bullets="-", strip=["img"])
    markdown = converter.convert_soup(document)
    lines = (line.rstrip() for line in markdown.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def with_line_breaks(text: str) -> str:
    """Calendars mix tags with line ends that are meant; HTML would run them together."""
    if re.search(r"<(p|br|div|li)\b", text, re.IGNORECASE):
        return text
    return text.replace("\n", "<br>\n")


def first_web_address(text: str) -> str:
    found = WEB_ADDRESS.search(text)
    return found[0].rstrip(".,;:!?") if found else ""
