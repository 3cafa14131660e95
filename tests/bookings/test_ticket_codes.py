"""The signed text of a ticket's QR code, which a door can check without the database."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bookings.codes import ALPHABET, make_ticket_code
from bookings.ticket_codes import (
    SIGNED_LENGTH,
    ForgedTicketCode,
    TicketCodeError,
    UnreadableTicketCode,
    read_ticket_code,
    sign_ticket_code,
    unify_code,
)

CODE = "7ZK4M2Q9XW0TBN1H"

codes = st.text(ALPHABET, min_size=16, max_size=16)
characters = st.sampled_from(ALPHABET)


@given(code=codes)
def test_signed_code_is_read_back(code: str) -> None:
    signed = sign_ticket_code(code)

    assert len(signed) == SIGNED_LENGTH
    assert set(signed) <= set(ALPHABET)
    assert read_ticket_code(signed) == code


@given(code=codes, position=st.integers(0, SIGNED_LENGTH - 1), character=characters)
def test_any_changed_character_is_refused(code: str, position: int, character: str) -> None:
    signed = sign_ticket_code(code)
    assume(signed[position] != character)

    with pytest.raises(ForgedTicketCode, match="mistyped, or was not issued here"):
        read_ticket_code(signed[:position] + character + signed[position + 1 :])


@given(code=codes, position=st.integers(0, SIGNED_LENGTH - 2))
def test_swapped_neighbours_are_refused(code: str, position: int) -> None:
    signed = sign_ticket_code(code)
    left, right = signed[position], signed[position + 1]
    assume(left != right)

    with pytest.raises(ForgedTicketCode):
        read_ticket_code(signed[:position] + right + left + signed[position + 2 :])


@given(text=st.text())
def test_other_texts_are_refused_with_a_message(text: str) -> None:
    with pytest.raises(TicketCodeError, match="ticket"):
        read_ticket_code(text)


@pytest.mark.parametrize(
    "text",
    ["", CODE, sign_ticket_code(CODE)[:-1], f"{sign_ticket_code(CODE)}0", "https://example.com/"],
    ids=["empty", "unsigned", "cut off", "one too many", "a link"],
)
def test_text_of_another_shape_is_told_from_a_forged_one(text: str) -> None:
    with pytest.raises(UnreadableTicketCode, match="not the code of a ticket"):
        read_ticket_code(text)


def test_letter_outside_the_alphabet_is_refused() -> None:
    with pytest.raises(UnreadableTicketCode):
        read_ticket_code("U" + sign_ticket_code(CODE)[1:])


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda signed: " ".join(signed),
        lambda signed: f"  {signed[:8]}-{signed[8:16]}–{signed[16:]}\r\n",
        lambda signed: signed.replace("0", "O").replace("1", "I"),
        lambda signed: signed.replace("0", "o").replace("1", "l"),
    ],
    ids=[
        "lower case",
        "blanks",
        "dashes",
        "capital letters for digits",
        "small letters for digits",
    ],
)
def test_reading_forgives_what_people_and_scanners_do(typed) -> None:
    signed = sign_ticket_code(CODE)

    assert typed(signed) != signed
    assert read_ticket_code(typed(signed)) == CODE


def test_code_is_unified_as_it_was_written() -> None:
    assert unify_code("7zk4 m2q9-xwot bnlh") == CODE


def test_code_signed_with_an_earlier_key_counts_while_that_key_is_kept(settings) -> None:
    code = make_ticket_code()
    settings.SECRET_KEY = "the earlier key"
    signed = sign_ticket_code(code)
    settings.SECRET_KEY = "the key of today"

    with pytest.raises(ForgedTicketCode):
        read_ticket_code(signed)

    settings.SECRET_KEY_FALLBACKS = ["another", "the earlier key"]
    assert read_ticket_code(signed) == code
    assert sign_ticket_code(code) != signed
