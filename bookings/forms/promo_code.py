"""A promo code as admins and hosts write it."""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError

from bookings.keys import is_key
from bookings.models import DiscountKind, PromoCode
from events.clock_changes import why_nonexistent
from events.forms.ticket_type import WallClockField
from events.localtime import NonexistentLocalTime, Occurrence, to_instant, to_wall_clock
from events.models import Event, TicketType

WINDOW = ("starts_at", "ends_at")


class TicketTypesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, ticket_type: TicketType) -> str:
        return f"{ticket_type.name} (hidden)" if ticket_type.is_hidden else ticket_type.name


class PromoCodeForm(forms.ModelForm):
    """The event comes first and stays: the times are on the clock of its place, and the ticket
    types are its own.
    """

    ticket_types = TicketTypesField(
        TicketType.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None: all that everyone sees. Hidden ones are shown to who types the code.",
    )
    starts_at = WallClockField(label="Valid from", required=False)
    ends_at = WallClockField(
        label="Valid until",
        required=False,
        help_text="Both on the clock of the event’s place. Empty: as long as tickets are sold.",
    )

    class Meta:
        model = PromoCode
        fields: ClassVar[tuple[str, ...]] = (
            "event",
            "code",
            "kind",
            "value",
            "ticket_types",
            "starts_at",
            "ends_at",
            "max_uses",
            "max_uses_per_person",
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self._event_to_show()
        ticket_types = cast("TicketTypesField", self.fields["ticket_types"])
        ticket_types.queryset = TicketType.objects.filter(event=event)
        for name in WINDOW:
            if (instant := getattr(self.instance, name)) and event:
                wall_clock, _ = to_wall_clock(instant, event.timezone)
                self.initial[name] = wall_clock.replace(second=0, microsecond=0)

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).upper()

    def clean_max_uses(self) -> int | None:
        most: int | None = self.cleaned_data["max_uses"]
        if self.instance.pk and most is not None:
            # Locked until the code is stored, so that nobody uses it between.
            uses = PromoCode.objects.select_for_update().get(pk=self.instance.pk).uses
            if most < uses:
                raise ValidationError(f"It has been used {uses} times already.")
        return most

    def clean_starts_at(self) -> dt.datetime | None:
        return self._instant("starts_at")

    def clean_ends_at(self) -> dt.datetime | None:
        return self._instant("ends_at")

    def clean(self) -> dict[str, Any]:
        super().clean()
        kind, value = self.cleaned_data.get("kind"), self.cleaned_data.get("value")
        if kind == DiscountKind.NONE:
            self._check_unlocks_something(value)
        elif value == 0:
            self.add_error("value", "Say how much it takes off.")
        if kind == DiscountKind.AMOUNT:
            self._check_one_currency()
        return self.cleaned_data

    def _check_unlocks_something(self, value: Decimal | None) -> None:
        if value:
            self.add_error("value", "A code without a discount takes nothing off: 0.")
        chosen = self.cleaned_data.get("ticket_types")
        if chosen is not None and not any(ticket_type.is_hidden for ticket_type in chosen):
            self.add_error("ticket_types", "Choose the hidden tickets that it shows.")

    def _check_one_currency(self) -> None:
        event = self._event()
        chosen = self.cleaned_data.get("ticket_types")
        if event is None or chosen is None:
            return
        ticket_types = chosen or event.ticket_types.filter(is_hidden=False)
        currencies = sorted({ticket_type.currency for ticket_type in ticket_types})
        if len(currencies) > 1:
            self.add_error(
                "ticket_types",
                f"An amount is in one currency, and these tickets are in {', '.join(currencies)}.",
            )

    def _event(self) -> Event | None:
        event: Event | None = self.cleaned_data.get("event")
        return event or self._kept_event()

    def _kept_event(self) -> Event | None:
        return self.instance.event if self.instance.event_id else None

    def _event_to_show(self) -> Event | None:
        if kept := self._kept_event():
            return kept
        typed = str((self.data if self.is_bound else self.initial).get("event", ""))
        return Event.objects.filter(pk=typed).first() if is_key(typed) else None

    def _instant(self, name: str) -> dt.datetime | None:
        wall_clock: dt.datetime | None = self.cleaned_data[name]
        event = self._event()
        if wall_clock is None or event is None:
            return None
        if name not in self.changed_data:
            stored: dt.datetime = getattr(self.instance, name)
            return stored
        try:
            return to_instant(wall_clock, event.timezone, Occurrence.FIRST)
        except NonexistentLocalTime as error:
            raise ValidationError(why_nonexistent(wall_clock, event.timezone)) from error


class HostedPromoCodeForm(PromoCodeForm):
    """For one event, which its instance has. Valid and saved in one transaction, as the uses are
    locked between.
    """

    class Meta(PromoCodeForm.Meta):
        fields = tuple(name for name in PromoCodeForm.Meta.fields if name != "event")
        labels: ClassVar = {
            "kind": "What it does",
            "value": "How much",
            "max_uses": "Most bookings with it",
            "max_uses_per_person": "Most bookings a person",
        }
        help_texts: ClassVar = {
            "code": "What people type: letters, digits and dashes. Capitals make no difference.",
            "value": "Percent, or an amount off each ticket. 0 for a code without a discount.",
            "max_uses": "Empty: no limit.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticket_types"].label = "For which tickets"
        self.fields["code"].widget.attrs["autocapitalize"] = "characters"

    def save(self, commit: bool = True) -> PromoCode:
        """Only what was changed: its uses are being counted meanwhile."""
        code: PromoCode = super().save(commit=False)
        own = {field.name for field in PromoCode._meta.concrete_fields}
        code.save(update_fields=None if code._state.adding else own & set(self.changed_data))
        self.save_m2m()
        return code

    def _get_validation_exclusions(self) -> set[str]:
        """Not the event: with it, a second code of the same name is found."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - {"event"}
