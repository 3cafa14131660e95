import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction

from events.clock_changes import why_nonexistent
from events.exceptions import EventRefusal
from events.forms.schedule import FIRST_DAY, LAST_DAY
from events.localtime import NonexistentLocalTime, Occurrence, to_instant, to_wall_clock
from events.models import Event, SharedCapacity, TicketType
from events.services.shared_capacities import lock_places, share_places, why_it_does_not_fit
from events.services.ticket_types import capacity_below_taken, create_ticket_type, set_capacity

MOST_PLACES = 1_000_000
SALE_TIMES = ("sales_start", "sales_end")


class WallClockField(forms.fields.BaseTemporalField):
    """A day and a time as clocks show them: naive, to the minute."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_error_messages: ClassVar = {"invalid": "Enter a day and a time."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            validators=[
                MinValueValidator(
                    dt.datetime.combine(FIRST_DAY, dt.time.min),
                    f"Give a year from {FIRST_DAY.year} on.",
                ),
                MaxValueValidator(
                    dt.datetime.combine(LAST_DAY, dt.time.max),
                    f"Give a year up to {LAST_DAY.year}.",
                ),
            ],
            **kwargs,
        )

    def to_python(self, value: Any) -> dt.datetime | None:
        if value in self.empty_values:
            return None
        return super().to_python(value)

    def strptime(self, value: str, format: str) -> dt.datetime:
        return dt.datetime.strptime(value, format)  # noqa: DTZ007  # naive is what it is for


class TicketTypeForm(forms.ModelForm):
    """A ticket type of ``event`` with its capacity and what it shares with others. Sale times are
    those of the event's place; of a time that comes twice there, the first is meant.
    """

    shared_capacity = forms.ModelChoiceField(
        label="Places shared with other tickets",
        queryset=SharedCapacity.objects.none(),
        required=False,
        empty_label="None: only its own",
    )
    capacity = forms.IntegerField(
        min_value=0,
        max_value=MOST_PLACES,
        required=False,
        help_text="Places in all, the taken ones included.",
    )
    sales_start = WallClockField(required=False)
    sales_end = WallClockField(
        required=False, help_text="Without one, sales end when the event starts."
    )

    class Meta:
        model = TicketType
        fields = (
            "name",
            "description",
            "price",
            "currency",
            "sales_start",
            "sales_end",
            "min_per_booking",
            "max_per_booking",
            "is_hidden",
            "position",
        )
        widgets: ClassVar = {"currency": forms.TextInput(attrs={"size": 4})}

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone_name = event.timezone or "UTC"
        self._offer_shared_capacities(event)
        if self.instance.pk:
            stock = self.instance.stock
            self.initial.setdefault("shared_capacity", stock.shared_capacity_id)
            self.initial.setdefault("capacity", stock.capacity if stock.has_own_limit else None)
        for name in SALE_TIMES:
            if instant := getattr(self.instance, name):
                wall_clock, _ = to_wall_clock(instant, self._zone_name)
                self.initial[name] = wall_clock.replace(second=0, microsecond=0)

    def clean_shared_capacity(self) -> SharedCapacity | None:
        if self.add_prefix("shared_capacity") not in self.data:  # it was not asked for
            return self.instance.stock.shared_capacity if self.instance.pk else None
        shared: SharedCapacity | None = self.cleaned_data["shared_capacity"]
        stock = self.instance.stock if self.instance.pk else None
        if stock and shared and (why := why_it_does_not_fit(stock, shared)):
            raise ValidationError(why, code=EventRefusal.DOES_NOT_FIT)
        return shared

    def clean(self) -> dict[str, Any]:
        """The capacity can be left empty where what is shared is the only limit."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if {"capacity", "shared_capacity"} <= cleaned.keys():
            shared, taken = cleaned["shared_capacity"], 0
            if self.instance.pk:
                taken = self.instance.stock.taken
            if cleaned["capacity"] is None and shared is not None:
                cleaned["capacity"] = max(shared.capacity, taken)
            self._check_capacity(cleaned["capacity"], taken)
        return cleaned

    def _check_capacity(self, capacity: int | None, taken: int) -> None:
        if capacity is None:
            self.add_error("capacity", "Say how many places there are.")
        elif capacity < taken:
            error = capacity_below_taken(capacity=capacity, taken=taken)
            self.add_error("capacity", ValidationError(str(error), code=error.code))

    def clean_sales_start(self) -> dt.datetime | None:
        return self._sale_instant("sales_start")

    def clean_sales_end(self) -> dt.datetime | None:
        return self._sale_instant("sales_end")

    def save(self, commit: bool = True) -> TicketType:
        """Raises EventError where places were taken meanwhile that a lower capacity leaves out, or
        for which there is no room in what it shares now.
        """
        ticket_type: TicketType = self.instance
        if not commit:
            super().save(commit=False)
        elif ticket_type._state.adding:
            create_ticket_type(
                ticket_type=ticket_type,
                capacity=self.cleaned_data["capacity"],
                shared_capacity=self.cleaned_data["shared_capacity"],
            )
        else:
            with transaction.atomic():
                self._save_places(ticket_type)
                super().save()
        return ticket_type

    def _save_places(self, ticket_type: TicketType) -> None:
        """Before the ticket type itself: writing that has the event's listing written, for which
        buyers wait with their places in hand.
        """
        if not {"capacity", "shared_capacity"}.isdisjoint(self.changed_data):
            shared = self.cleaned_data["shared_capacity"]
            share_places(ticket_type=ticket_type, shared_capacity=shared)
            set_capacity(ticket_type=ticket_type, capacity=self.cleaned_data["capacity"])

    def _offer_shared_capacities(self, event: Event) -> None:
        field = self.fields["shared_capacity"]
        shared = SharedCapacity.objects.filter(event=event.pk)
        field.queryset = shared  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: (  # type: ignore[attr-defined]
            f"{row}: {row.taken} of {row.capacity} taken"
        )

    def _sale_instant(self, name: str) -> dt.datetime | None:
        wall_clock: dt.datetime | None = self.cleaned_data[name]
        if wall_clock is None:
            return None
        if name not in self.changed_data:
            stored: dt.datetime = getattr(self.instance, name)
            return stored
        try:
            return to_instant(wall_clock, self._zone_name, Occurrence.FIRST)
        except NonexistentLocalTime as error:
            raise ValidationError(why_nonexistent(wall_clock, self._zone_name)) from error


class TicketTypeFormSet(forms.BaseInlineFormSet):
    """The ticket types of one event."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"event": self.instance}

    def save(self, commit: bool = True) -> Any:
        """With all places locked at once, in the order in which buyers lock them, and not in that
        of the forms.
        """
        if not commit:
            return super().save(commit=False)
        with transaction.atomic():
            if self.instance.pk:
                lock_places(event=self.instance)
            return super().save()
