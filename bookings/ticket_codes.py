"""The text in a ticket's QR code: the code, and a signature that shows at once what is forged."""

import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from bookings.codes import ALPHABET, TICKET_CODE_LENGTH

SIGNATURE_LENGTH = 10
SIGNED_LENGTH = TICKET_CODE_LENGTH + SIGNATURE_LENGTH

_SALT = "bookings.ticket_codes"
_BITS = 5  # of one character
_MISREAD = str.maketrans("OIL", "011")
_FILLERS = re.compile(r"[\s\-\u2010-\u2015]+")  # blanks, hyphens and dashes


class TicketCodeError(ValueError):
    """A text is no signed ticket code of ours. The message is for whoever stands at the door."""


class UnreadableTicketCode(TicketCodeError):
    """Not of the shape that every signed code has: cut off, or of something else."""


class ForgedTicketCode(TicketCodeError):
    """Of the right shape, but the signature is of none of our keys: forged, or mistyped."""


def sign_ticket_code(code: str) -> str:
    """The 26 characters for the QR code, all within its alphanumeric mode."""
    return code + _signature(code, settings.SECRET_KEY)


def read_ticket_code(text: str) -> str:
    """Return the ticket's code out of a signed text, as scanned or typed.

    Without the database, so the answer says nothing about whether the ticket is still valid. Raises
    UnreadableTicketCode or ForgedTicketCode.
    """
    signed = unify_code(text)
    if len(signed) != SIGNED_LENGTH or not set(signed) <= set(ALPHABET):
        raise UnreadableTicketCode("This is not the code of a ticket.")
    code, signature = signed[:TICKET_CODE_LENGTH], signed[TICKET_CODE_LENGTH:]
    # All keys are tried, whichever fits: the time taken says nothing.
    matches = [constant_time_compare(signature, _signature(code, key)) for key in _keys()]
    if not any(matches):
        raise ForgedTicketCode("This ticket code was mistyped, or was not issued here.")
    return code


def unify_code(text: str) -> str:
    """A code as it was written, from what people and scanners make of it: lower case, groups, and
    the letters that Crockford's alphabet leaves out because they look like digits.
    """
    return _FILLERS.sub("", text).upper().translate(_MISREAD)


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _signature(code: str, key: str) -> str:
    digest = salted_hmac(_SALT, code, secret=key, algorithm="sha256").digest()
    bits = int.from_bytes(digest) >> (len(digest) * 8 - SIGNATURE_LENGTH * _BITS)
    shifts = range((SIGNATURE_LENGTH - 1) * _BITS, -1, -_BITS)
    return "".join(ALPHABET[bits >> shift & 31] for shift in shifts)
