from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from events.forms.ticket_type import MOST_PLACES
from events.models import Event, SharedCapacity, TicketType
from events.services.shared_capacities import (
    change_shared_capacity,
    choose_ticket_types,
    create_shared_capacity,
)
from events.services.ticket_types import capacity_below_taken


class SharedCapacityForm(forms.ModelForm):
    """Places that ticket types of ``event`` share: their name and how many there are."""

    capacity = forms.IntegerField(
        label="Places", min_value=1, max_value=MOST_PLACES, help_text="The taken ones included."
    )

    class Meta:
        model = SharedCapacity
        fields = ("name", "capacity")
        help_texts: ClassVar = {"name": "Such as “Hall” or “Workshop room”."}

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.event = event

    def clean_capacity(self) -> int:
        capacity: int = self.cleaned_data["capacity"]
        if self.instance.pk and capacity < self.instance.taken:
            error = capacity_below_taken(capacity=capacity, taken=self.instance.taken)
            raise ValidationError(str(error), code=error.code)
        return capacity

    def save(self, commit: bool = True) -> SharedCapacity:
        """Raises EventError where places were taken meanwhile that a lower capacity leaves out, or
        the name was.
        """
        shared: SharedCapacity = self.instance
        if commit and shared._state.adding:
            create_shared_capacity(shared_capacity=shared)
        elif commit:
            change_shared_capacity(shared_capacity=shared)
        return shared

    def _get_validation_exclusions(self) -> set[str]:
        """The event counts, though nobody types it: names are unique in it."""
        return super()._get_validation_exclusions() - {"event"}  # type: ignore[misc]


class HostedSharedCapacityForm(SharedCapacityForm):
    """As a host writes it, with the ticket types that share the places."""

    ticket_types = forms.ModelMultipleChoiceField(
        label="Which tickets take these places?",
        queryset=TicketType.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, event=event, **kwargs)
        types = event.ticket_types.with_stock().filter(stock__isnull=False)
        field = self.fields["ticket_types"]
        field.queryset = types  # type: ignore[attr-defined]
        field.label_from_instance = self._described  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["ticket_types"] = [
                row.pk for row in types if row.stock.shared_capacity_id == self.instance.pk
            ]

    def save(self, commit: bool = True) -> SharedCapacity:
        """Raises EventError, too, where what is taken of a ticket type does not fit in, or where
        nothing would limit one any more.
        """
        shared = super().save(commit)
        if commit:
            choose_ticket_types(
                shared_capacity=shared, ticket_types=self.cleaned_data["ticket_types"]
            )
        return shared

    def _described(self, ticket_type: TicketType) -> str:
        stock = ticket_type.stock
        text = f"{ticket_type}, {stock.taken} taken"
        if stock.shared_capacity is None or stock.shared_capacity == self.instance:
            return text
        return f"{text}, now in “{stock.shared_capacity}”"


class SharedCapacityFormSet(forms.BaseInlineFormSet):
    """The shared capacities of one event."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"event": self.instance}
