import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from events.clock_changes import why_nonexistent
from events.forms.schedule import FIRST_DAY, LAST_DAY
from events.localtime import NonexistentLocalTime, Occurrence, to_instant, to_wall_clock
from events.models import Event, TicketType
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
    """A ticket type of ``event`` with its capacity. Sale times are those of the event's place; of
    a time that comes twice there, the first is meant.
    """

    capacity = forms.IntegerField(
        min_value=0, max_value=MOST_PLACES, help_text="Places in all, the taken ones included."
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
        if self.instance.pk:
            self.initial.setdefault("capacity", self.instance.stock.capacity)
        for name in SALE_TIMES:
            if instant := getattr(self.instance, name):
                wall_clock, _ = to_wall_clock(instant, self._zone_name)
                self.initial[name] = wall_clock.replace(second=0, microsecond=0)

    def clean_capacity(self) -> int:
        capacity: int = self.cleaned_data["capacity"]
        if self.instance.pk and capacity < self.instance.stock.taken:
            error = capacity_below_taken(capacity=capacity, taken=self.instance.stock.taken)
            raise ValidationError(str(error), code=error.code)
        return capacity

    def clean_sales_start(self) -> dt.datetime | None:
        return self._sale_instant("sales_start")

    def clean_sales_end(self) -> dt.datetime | None:
        return self._sale_instant("sales_end")

    def save(self, commit: bool = True) -> TicketType:
        """Raises EventError where places were taken meanwhile that a lower capacity leaves out."""
        is_new = self.instance.pk is None
        ticket_type: TicketType = super().save(commit=commit and not is_new)
        capacity = self.cleaned_data["capacity"]
        if commit and is_new:
            create_ticket_type(ticket_type=ticket_type, capacity=capacity)
        elif commit and "capacity" in self.changed_data:
            set_capacity(ticket_type=ticket_type, capacity=capacity)
        return ticket_type

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
