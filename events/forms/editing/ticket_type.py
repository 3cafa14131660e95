from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.db.models import QuerySet

from events.forms.editing.scope import ask_for_scope, is_for_following
from events.forms.ticket_type import TicketTypeForm
from events.models import Event, TicketType
from events.services.following_ticket_types import add_to_following, change_following_tickets

COLUMNS = {field.name for field in TicketType._meta.concrete_fields}

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
        self._explain_capacity(event)
        self.changed_dates: list[TicketType] = []
        if event.series_id:
            ask_for_scope(self, self._same_dates(event))

    def save(self, commit: bool = True) -> TicketType:
        """Of a date of a series, those after it too, where that was asked: all or nothing. Raises
        EventError as before, and TICKETS_IMPOSSIBLE for another date.
        """
        is_new = self.instance.pk is None
        with transaction.atomic():
            ticket_type = super().save(commit)
            if commit and is_for_following(self):
                self.changed_dates = self._change_following(ticket_type, is_new=is_new)
        return ticket_type

    def _change_following(self, ticket_type: TicketType, *, is_new: bool) -> list[TicketType]:
        if is_new:
            return add_to_following(ticket_type=ticket_type)
        changed = set(self.changed_data)
        names = sorted(COLUMNS & changed)
        capacity = self.cleaned_data["capacity"] if "capacity" in changed else None
        if not names and capacity is None:
            return []
        return change_following_tickets(ticket_type=ticket_type, names=names, capacity=capacity)

    def _same_dates(self, event: Event) -> QuerySet[Event]:
        """Those that have this ticket as well; a new one they can get."""
        dates = Event.objects.following(event)
        if self.instance.pk is None:
            return dates
        key = self.instance.series_key
        return dates.filter(ticket_types__series_key=key) if key else dates.none()

    def _explain_capacity(self, event: Event) -> None:
        """Most events have nothing that is shared, and are asked for one number."""
        if not event.pk or not event.shared_capacities.exists():
            self.fields["shared_capacity"].widget = forms.HiddenInput()
            self.fields["capacity"].required = True
            return
        capacity = self.fields["capacity"]
        capacity.label = "Capacity, its own"
        capacity.help_text = "Leave it empty where only the shared places limit it."


def usual_currency(event: Event) -> str:
    """That of the event's other tickets, or of what its host sold last."""
    sold = TicketType.objects.filter(event__host=event.host_id).order_by("-pk")
    currencies = sold.values_list("currency", flat=True)
    own = currencies.filter(event=event).first() if event.pk else None
    return own or currencies.first() or "EUR"
