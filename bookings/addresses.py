"""Which e-mail addresses can be written to."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def validate_address(address: str) -> None:
    """Besides its shape, its domain must be one that can be written as mail wants it, in ASCII.
    Raises ValidationError.
    """
    validate_email(address)
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError as error:
        raise ValidationError(validate_email.message, code="invalid") from error
