from collections.abc import Mapping
from typing import Any

from django import forms

from bookings.forms.address import AddressField
from bookings.services.choice import most_at_once
from events.models import TicketType


class WaitlistForm(forms.Form):
    """How many places of a ticket type someone waits for, and where the offer goes."""

    field_order = ("quantity", "name", "email")

    name = forms.CharField(
        label="Your name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label="Your e-mail address",
        help_text="The offer goes there, and so does the link to your place in line.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        ticket_type: TicketType,
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial={"quantity": ticket_type.min_per_booking, **initial})
        self.fields["quantity"] = forms.IntegerField(
            label="How many places?",
            min_value=ticket_type.min_per_booking,
            max_value=most_at_once(ticket_type),
            error_messages={
                "min_value": "At least %(limit_value)s a booking.",
                "max_value": "At most %(limit_value)s a booking.",
            },
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        self.order_fields(self.field_order)
