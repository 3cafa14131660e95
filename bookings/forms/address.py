from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email


class AddressField(forms.EmailField):
    """An e-mail address whose domain can be written as mail wants it, in ASCII."""

    def clean(self, value: str) -> str:
        address: str = super().clean(value)
        try:
            address.rpartition("@")[2].encode("idna")
        except UnicodeError as error:
            raise ValidationError(validate_email.message, code="invalid") from error
        return address
