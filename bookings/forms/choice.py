"""The first step: how many of each ticket type, and with which promo code."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from bookings.exceptions import BookingError, Problem, Refusal
from bookings.payments import payment_methods_for
from bookings.services.choice import is_scarce, most_at_once
from bookings.services.inventory import Quantities
from bookings.services.price_list import PriceList
from bookings.services.waitlist import can_wait_for
from events.models import SaleState, TicketType
from events.sources import PARAMETER, source_in

MOST_DIGITS = 6
MOST_OF_A_CODE = 60
QUANTITY = re.compile(r"quantity_([0-9]{1,18})\Z")
NUMBER = re.compile(rf"[1-9][0-9]{{0,{MOST_DIGITS - 1}}}\Z")
ABOUT_THE_CODE = frozenset({Refusal.UNKNOWN_PROMO_CODE, Refusal.PROMO_CODE_USED_UP})


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket type as it is offered, and the field for how many."""

    ticket_type: TicketType
    price: Decimal
    field: forms.BoundField

    @property
    def is_discounted(self) -> bool:
        return self.price != self.ticket_type.price

    @property
    def is_payable(self) -> bool:
        return bool(payment_methods_for(event=self.ticket_type.event, total=self.price))

    @property
    def can_be_chosen(self) -> bool:
        is_on_sale = self.ticket_type.sale_state is SaleState.ON_SALE
        return is_on_sale and self.is_payable and not is_scarce(self.ticket_type)

    @property
    def can_wait(self) -> bool:
        return can_wait_for(self.ticket_type)


class SourceField(forms.CharField):
    """Where the link to the event was, in a hidden field; empty where that says nothing."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def clean(self, value: Any) -> str:
        return source_in({PARAMETER: str(value or "")})


class ChoiceForm(forms.Form):
    """A number field for each ticket type on offer, the promo code, and the key that makes a repeat
    harmless.
    """

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    ref = SourceField()
    code = forms.CharField(
        label="Promo code",
        required=False,
        max_length=MOST_OF_A_CODE,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "aria-describedby": "code-state",
            }
        ),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        prices: PriceList,
        code: str = "",
        source: str = "",
        chosen: Quantities | None = None,
    ) -> None:
        super().__init__(
            data, initial={"idempotency_key": uuid.uuid4(), "code": code, PARAMETER: source}
        )
        self.prices = prices
        for ticket_type in prices.ticket_types:
            field = QuantityField(ticket_type)
            field.initial = (chosen or {}).get(ticket_type.pk, 0)
            self.fields[self.field_name(ticket_type.pk)] = field
        if prices.problem:
            self.fields["code"].widget.attrs["aria-invalid"] = "true"

    @staticmethod
    def field_name(ticket_type_id: int) -> str:
        return f"quantity_{ticket_type_id}"

    @property
    def rows(self) -> list[Row]:
        return [
            Row(row, self.prices.price_of(row), self[self.field_name(row.pk)])
            for row in self.prices.ticket_types
        ]

    @property
    def has_tickets_on_sale(self) -> bool:
        return any(row.can_be_chosen for row in self.rows)

    @property
    def can_wait(self) -> bool:
        return any(row.can_wait for row in self.rows)

    @property
    def code_problem(self) -> str:
        """Why the code that was typed does not count."""
        if errors := self.errors.get("code"):
            return str(errors[0])
        return self.prices.problem.message if self.prices.problem else ""

    @property
    def quantities(self) -> dict[int, int]:
        """What was chosen, without the zeros.

        A ticket that is not offered is among it: it may have been when the form was sent for the
        first time, and only the service knows of that.
        """
        offered = {
            row.pk: self.cleaned_data[self.field_name(row.pk)] or 0
            for row in self.prices.ticket_types
        }
        asked = quantities_in(self.data) | offered
        return {pk: quantity for pk, quantity in asked.items() if quantity}

    def show_refusal(self, error: BookingError) -> None:
        """Put each problem at its field. A key that another choice used up is replaced."""
        for problem in error.problems:
            field = self._field_of(problem)
            self.add_error(field if field in self.fields else None, problem.message)
        if error.code is Refusal.KEY_REUSED:
            sent = {name: self.data[name] for name in self.data}
            self.data = sent | {"idempotency_key": str(uuid.uuid4())}

    def _field_of(self, problem: Problem) -> str | None:
        if problem.code in ABOUT_THE_CODE:
            return "code"
        return self.field_name(problem.ticket_type_id) if problem.ticket_type_id else None


class QuantityField(forms.IntegerField):
    """A number of tickets of a type. The service checks it against the type's limits."""

    def __init__(self, ticket_type: TicketType) -> None:
        super().__init__(
            label=ticket_type.name, required=False, min_value=0, max_value=10**MOST_DIGITS
        )
        self.widget.attrs["max"] = min(most_at_once(ticket_type), ticket_type.stock.for_sale)
        self.widget.attrs["inputmode"] = "numeric"


def quantities_in(data: Mapping[str, Any]) -> dict[int, int]:
    """The numbers above zero that a form or an address has, by ticket type, whatever is offered."""
    return {
        int(match[1]): int(data[name])
        for name in data
        if (match := QUANTITY.match(name)) and NUMBER.match(data[name])
    }
