"""What people read aloud, type and keep: references of bookings and codes of tickets."""

import secrets

# Crockford's base 32: no I, L, O or U, so that nothing is misread and no word comes out.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 8
TICKET_CODE_LENGTH = 16


def make_reference() -> str:
    """40 random bits. A clash is found by the unique constraint, and another one is drawn."""
    return _draw(REFERENCE_LENGTH)


def make_ticket_code() -> str:
    """80 random bits: not to be guessed."""
    return _draw(TICKET_CODE_LENGTH)


def in_groups(code: str) -> str:
    """Four by four, to be read aloud."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def _draw(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
