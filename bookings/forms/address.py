from django import forms

from bookings.addresses import validate_address


class AddressField(forms.EmailField):
    """An e-mail address that can be written to."""

    default_validators = [validate_address]
