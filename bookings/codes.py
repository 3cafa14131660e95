"""What people read aloud, type and keep: references of bookings and codes of tickets."""

import base64
import secrets

# Crockford's base 32: no I, L, O or U, so that nothing is misread and no word comes out.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 8
TICKET_CODE_LENGTH = 16
BITS_A_SIGN = 5

_AS_READ_ALOUD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())


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
    """Of a length that makes whole bytes: all at once, as an import draws many."""
    drawn = base64.b32encode(secrets.token_bytes(length * BITS_A_SIGN // 8))
    return drawn.translate(_AS_READ_ALOUD).decode()
