"""The first step: how many of each ticket type."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from bookings.exceptions import BookingError, Refusal
from bookings.services.inventory import Quantities
from events.models import SaleState, TicketType

MOST_DIGITS = 6


class ChoiceForm(forms.Form):
    """A number field for each ticket type on sale, and the key that makes a repeat harmless."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        ticket_types: Iterable[TicketType],
        earlier_choice: Quantities | None = None,
    ) -> None:
        super().__init__(data, initial={"idempotency_key": uuid.uuid4()})
        self.ticket_types = list(ticket_types)
        for ticket_type in self.ticket_types:
            field = QuantityField(ticket_type)
            field.initial = (earlier_choice or {}).get(ticket_type.pk, 0)
            self.fields[self.field_name(ticket_type.pk)] = field

    def clean(self) -> dict[str, Any]:
        gone = {name for name in self.data if name.startswith("quantity_")} - self.fields.keys()
        if any(self.data[name] not in ("", "0") for name in gone):
            raise forms.ValidationError("A ticket that you chose is no longer offered.")
        return self.cleaned_data

    @staticmethod
    def field_name(ticket_type_id: int) -> str:
        return f"quantity_{ticket_type_id}"

    @property
    def rows(self) -> list[tuple[TicketType, forms.BoundField]]:
        return [(row, self[self.field_name(row.pk)]) for row in self.ticket_types]

    @property
    def has_tickets_on_sale(self) -> bool:
        return any(row.sale_state is SaleState.ON_SALE for row in self.ticket_types)

    @property
    def quantities(self) -> dict[int, int]:
        """What was chosen, without the zeros."""
        chosen = {
            row.pk: self.cleaned_data[self.field_name(row.pk)] or 0 for row in self.ticket_types
        }
        return {pk: quantity for pk, quantity in chosen.items() if quantity}

    def show_refusal(self, error: BookingError) -> None:
        """Put each problem at its field. A key that another choice used up is replaced."""
        for problem in error.problems:
            field = self.field_name(problem.ticket_type_id) if problem.ticket_type_id else None
            self.add_error(field if field in self.fields else None, problem.message)
        if error.code is Refusal.KEY_REUSED:
            sent = {name: self.data[name] for name in self.data}
            self.data = sent | {"idempotency_key": str(uuid.uuid4())}


class QuantityField(forms.IntegerField):
    """A number of tickets of a type. The service checks it against the type's limits."""

    def __init__(self, ticket_type: TicketType) -> None:
        super().__init__(
            label=ticket_type.name, required=False, min_value=0, max_value=10**MOST_DIGITS
        )
        self.widget.attrs["max"] = min(ticket_type.max_per_booking, ticket_type.stock.left)
        self.widget.attrs["inputmode"] = "numeric"
