"""The second step: who books, who comes, how it is paid."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.html import format_html

from bookings.forms.address import AddressField
from bookings.models import Booking, PaymentMethod, Ticket
from bookings.payments import payment_methods_for


class DetailsForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label="Your e-mail address",
        help_text="The confirmation goes there.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, booking: Booking) -> None:
        super().__init__(data, initial={"name": booking.name, "email": booking.email})
        self.tickets: list[Ticket] = list(booking.tickets.all())
        for number, ticket in enumerate(self.tickets, 1):
            self.fields[self.field_name(ticket)] = forms.CharField(
                label=f"Name on ticket {number}",
                help_text=format_html("{}. Empty: in your name.", ticket.ticket_type.name),
                max_length=150,
                required=False,
                initial=ticket.attendee_name,
            )
        self.payment_methods = payment_methods_for(event=booking.event, total=booking.total)
        if self.payment_methods:
            self.fields["payment_method"] = forms.ChoiceField(
                label="How to pay",
                choices=[(method.value, method.label) for method in self.payment_methods],
                widget=forms.HiddenInput if len(self.payment_methods) == 1 else forms.RadioSelect,
                initial=self.payment_methods[0],
            )

    def clean(self) -> dict[str, Any]:
        if not self.payment_methods:
            raise forms.ValidationError("The host does not take payment at the door any more.")
        return self.cleaned_data

    @property
    def is_paid_at_door(self) -> bool:
        return self.payment_methods == [PaymentMethod.AT_DOOR]

    @staticmethod
    def field_name(ticket: Ticket) -> str:
        return f"attendee_{ticket.pk}"

    @property
    def attendee_fields(self) -> list[forms.BoundField]:
        return [self[self.field_name(ticket)] for ticket in self.tickets]

    @property
    def details(self) -> dict[str, Any]:
        """What was typed, once it is valid. A ticket with no name is in the buyer's."""
        name = self.cleaned_data["name"]
        return {
            "name": name,
            "email": self.cleaned_data["email"],
            "attendee_names": {
                ticket.pk: self.cleaned_data[self.field_name(ticket)] or name
                for ticket in self.tickets
            },
        }

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, right or wrong, as far as there is room for it."""
        return {
            "name": self._typed_in("name"),
            "email": self._typed_in("email"),
            "attendee_names": {
                ticket.pk: self._typed_in(self.field_name(ticket)) for ticket in self.tickets
            },
        }

    def _typed_in(self, name: str) -> str:
        field = cast("forms.CharField", self.fields[name])
        return str(self.data.get(name, "")).strip()[: field.max_length]

    @property
    def payment_method(self) -> PaymentMethod:
        return PaymentMethod(self.cleaned_data["payment_method"])
