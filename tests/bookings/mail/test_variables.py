"""Words in braces become what is each reader's own."""

import pytest

from bookings.mail.variables import fill_in, has_variable, unknown_variables

VALUES = {"name": "Ada", "event": "Jazz", "ticket_link": "https://example.org/t"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello {name}, {event}!", "Hello Ada, Jazz!"),
        ("{ Name } and {NAME}", "Ada and Ada"),
        ("no braces } at { all", "no braces } at { all"),
        ("{{name}}", "{Ada}"),
        ("{}", "{}"),
    ],
)
def test_variables_are_filled_in(text: str, filled: str) -> None:
    assert fill_in(text, VALUES) == filled


def test_value_that_looks_like_a_variable_stays_as_it_is() -> None:
    assert fill_in("Hello {name}", VALUES | {"name": "{ticket_link}"}) == "Hello {ticket_link}"


def test_unknown_ones_are_found_as_they_were_typed_and_once() -> None:
    assert unknown_variables("{nmae} {name} { Date } {nmae} {}") == ["{nmae}", "{ Date }", "{}"]


def test_variable_is_found_however_it_is_written() -> None:
    assert has_variable("see { Ticket_Link }", "ticket_link")
    assert not has_variable("see ticket_link", "ticket_link")
