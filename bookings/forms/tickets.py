"""Other names on tickets, and a ticket for someone else."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html

from bookings.forms.address import AddressField
from bookings.models import Ticket

NAME_LENGTH = 150


class NamesForm(forms.Form):
    """A name for each of the tickets."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, tickets: Iterable[Ticket]) -> None:
        super().__init__(data)
        self.tickets = list(tickets)
        for number, ticket in enumerate(self.tickets, 1):
            self.fields[self.field_name(ticket)] = forms.CharField(
                label=f"Name on ticket {number}" if len(self.tickets) > 1 else "Name on the ticket",
                help_text=format_html("{}, {}", ticket.ticket_type.name, ticket.code_in_groups),
                max_length=NAME_LENGTH,
                initial=ticket.attendee_name,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                error_messages={"required": "Every ticket needs a name."},
            )

    @staticmethod
    def field_name(ticket: Ticket) -> str:
        return f"attendee_{ticket.pk}"

    @property
    def names(self) -> dict[str, str]:
        """By ticket code, once they are valid."""
        return {row.code: self.cleaned_data[self.field_name(row)] for row in self.tickets}


class SendOnForm(forms.Form):
    """Who gets the ticket. It is sent twice: the second time to confirm what was typed."""

    name = forms.CharField(
        label="Their name",
        help_text="It is put on the ticket.",
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = AddressField(
        label="Their e-mail address",
        help_text="The ticket goes there.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
