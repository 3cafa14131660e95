from typing import Any, ClassVar

from django import forms

from events.forms.ticket_type import TicketTypeForm
from events.models import Event, TicketType

# Those of most countries that have events; a ticket type keeps any other that it has.
CURRENCIES = (
    *("AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "HUF", "IDR", "ILS", "INR"),
    *("JPY", "KES", "KRW", "MXN", "NGN", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD"),
    *("THB", "TRY", "USD", "ZAR"),
)


class HostedTicketTypeForm(TicketTypeForm):
    """As a host writes it. Its place among the others is changed with buttons."""

    currency = forms.ChoiceField()

    class Meta(TicketTypeForm.Meta):
        exclude = ("position",)
        labels: ClassVar = {
            "min_per_booking": "Least a booking",
            "max_per_booking": "Most a booking",
            "is_hidden": "Hidden: only people with a promo code for it can book it",
        }
        help_texts: ClassVar = {
            "name": "Such as “Standard” or “Under 18”.",
            "price": "0 if it is free.",
            "description": "What it includes, if that needs saying.",
        }

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, event=event, **kwargs)
        if not self.instance.pk:
            self.initial["currency"] = usual_currency(event)
        present = self.initial["currency"]
        codes = sorted({*CURRENCIES, present})
        self.fields["currency"].choices = [  # type: ignore[attr-defined]
            (code, code) for code in codes
        ]


def usual_currency(event: Event) -> str:
    """That of the event's other tickets, or of what its host sold last."""
    sold = TicketType.objects.filter(event__host=event.host_id).order_by("-pk")
    currencies = sold.values_list("currency", flat=True)
    own = currencies.filter(event=event).first() if event.pk else None
    return own or currencies.first() or "EUR"
