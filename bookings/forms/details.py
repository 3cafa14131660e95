"""The second step: who books, who comes, how it is paid."""

from collections.abc import Mapping
from typing import Any

from django import forms

from bookings.models import Booking, PaymentMethod, Ticket
from bookings.payments import payment_methods_for


class DetailsForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
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
                help_text=f"{ticket.ticket_type.name}. Empty: in your name.",
                max_length=150,
                required=False,
                initial=ticket.attendee_name,
            )
        methods = payment_methods_for(event=booking.event, total=booking.total)
        self.fields["payment_method"] = forms.ChoiceField(
            label="How to pay",
            choices=[(method.value, method.label) for method in methods],
            widget=forms.HiddenInput if len(methods) == 1 else forms.RadioSelect,
            initial=methods[0] if methods else None,
        )

    @staticmethod
    def field_name(ticket: Ticket) -> str:
        return f"attendee_{ticket.pk}"

    @property
    def attendee_fields(self) -> list[forms.BoundField]:
        return [self[self.field_name(ticket)] for ticket in self.tickets]

    @property
    def details(self) -> dict[str, Any]:
        """What was typed, as far as it is valid. A ticket with no name is in the buyer's."""
        name = self.cleaned_data.get("name", "")
        return {
            "name": name,
            "email": self.cleaned_data.get("email", ""),
            "attendee_names": {
                ticket.pk: self.cleaned_data.get(self.field_name(ticket)) or name
                for ticket in self.tickets
            },
        }

    @property
    def payment_method(self) -> PaymentMethod:
        return PaymentMethod(self.cleaned_data["payment_method"])
