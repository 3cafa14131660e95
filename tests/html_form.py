"""What a browser sends for a form that is submitted as it stands."""

from html.parser import HTMLParser

SENT_ONLY_IF_CHECKED = {"checkbox", "radio"}
NEVER_SENT = {"submit", "button", "reset", "image", "file"}


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name, value = values.get("name") or "", values.get("value") or ""
        if tag == "input" and name and values.get("type") not in NEVER_SENT:
            if values.get("type") in SENT_ONLY_IF_CHECKED and "checked" not in values:
                return
            self.fields[name] = value or ("on" if values.get("type") == "checkbox" else "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and self._counts(values):
            self.fields[self._select] = value
        elif tag == "textarea":
            self._textarea = name
            self.fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            # The line break after the opening tag is not part of the text.
            self.fields[self._textarea] = self.fields[self._textarea].removeprefix("\n")
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea] += data.replace("\r\n", "\n")

    def _counts(self, option: dict[str, str | None]) -> bool:
        """The selected option; of a drop-down without one, the first."""
        return "selected" in option or self._select not in self.fields


def submission(html: str) -> dict[str, str]:
    """Names and values of all fields on a page, of which a name comes once."""
    parser = _Fields()
    parser.feed(html)
    return parser.fields
