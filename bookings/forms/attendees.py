"""What hosts type about attendees: whom to show, whom to add, and what to change."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from bookings.exceptions import BookingError, Refusal
from bookings.forms.address import AddressField
from bookings.forms.tickets import NAME_LENGTH
from bookings.models import Booking, BookingStatus, PaymentMethod, Ticket
from bookings.querysets import TicketQuerySet
from bookings.services.moving import Destination
from events.models import Event, TicketType
from events.money import format_money

MOST_AT_ONCE = 20


class AttendeeFilterForm(forms.Form):
    """From the query string; all is optional, and what makes no sense counts as not given."""

    q = forms.CharField(
        label="Search",
        max_length=100,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Name, e-mail, reference or ticket code"}
        ),
    )
    type = forms.ChoiceField(label="Ticket type", required=False)
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Confirmed and held"), *BookingStatus.choices],
    )
    paid = forms.ChoiceField(
        label="Paying", required=False, choices=[("", "Any way"), *PaymentMethod.choices]
    )
    check_in = forms.ChoiceField(
        label="Check-in",
        required=False,
        choices=[("", "Either way"), ("in", "Checked in"), ("out", "Not checked in")],
    )
    mail_failed = forms.BooleanField(label="Mail failed", required=False)

    def __init__(
        self, data: Mapping[str, Any], *, event: Event, ticket_types: Sequence[TicketType]
    ) -> None:
        super().__init__(data)
        self._event_id = event.pk
        self.ticket_type_ids = [row.pk for row in ticket_types]
        self._field("type").choices = [
            ("", "All"),
            *((str(row.pk), row.name) for row in ticket_types),
        ]

    @property
    def has_input(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    @property
    def chosen_type_ids(self) -> list[int]:
        """Those to look through, in the order in which they are offered."""
        self.is_valid()
        chosen = self.cleaned_data.get("type")
        return [int(chosen)] if chosen else self.ticket_type_ids

    def narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Of the tickets of the event."""
        self.is_valid()
        given = self.cleaned_data
        tickets = tickets.filter(booking__event=self._event_id)
        if status := given.get("status"):
            tickets = tickets.filter(booking__status=status)
        else:
            tickets = tickets.filter(
                booking__status__in=[BookingStatus.PENDING, BookingStatus.CONFIRMED]
            )
        if paid := given.get("paid"):
            tickets = tickets.filter(booking__payment_method=paid)
        if check_in := given.get("check_in"):
            tickets = tickets.checked_in() if check_in == "in" else tickets.not_checked_in()
        if given.get("mail_failed"):
            tickets = tickets.with_failed_mail()
        text = given.get("q")
        return tickets.matching(text, event_id=self._event_id) if text else tickets

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for mypy
        return field


class AddAttendeeForm(forms.Form):
    """Someone who comes without having booked, such as at the door."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="Their name",
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = AddressField(
        label="Their e-mail address",
        help_text="The tickets go there. Empty: they go to you.",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    ticket_type = forms.TypedChoiceField(label="Ticket type", coerce=int, widget=forms.RadioSelect)
    quantity = forms.IntegerField(
        label="How many tickets", min_value=1, max_value=MOST_AT_ONCE, initial=1
    )
    is_free = forms.BooleanField(
        label="Free of charge",
        help_text="For guests. Otherwise they pay the usual price at the door.",
        required=False,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, ticket_types: Sequence[TicketType]
    ) -> None:
        super().__init__(data, initial={"idempotency_key": uuid.uuid4()})
        field = self.fields["ticket_type"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  # for mypy
        field.choices = type_choices(ticket_types)
        if len(ticket_types) == 1:
            field.initial = ticket_types[0].pk

    def show_refusal(self, error: BookingError) -> None:
        """A key that someone else used up is replaced."""
        self.add_error(None, str(error))
        if error.code is Refusal.KEY_REUSED:
            sent = {name: self.data[name] for name in self.data}
            self.data = sent | {"idempotency_key": str(uuid.uuid4())}


class AttendeeNameForm(forms.Form):
    name = forms.CharField(
        label="Name on the ticket",
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, ticket: Ticket) -> None:
        super().__init__(data, initial={"name": ticket.attendee_name or ticket.booking.name})


class MoveTicketForm(forms.Form):
    ticket_type = forms.TypedChoiceField(label="Move it to", coerce=int, widget=forms.RadioSelect)
    keeps_price = forms.BooleanField(
        label="Leave the price as it was",
        help_text="Otherwise the ticket costs what its new type costs.",
        required=False,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, destinations: Sequence[Destination]
    ) -> None:
        super().__init__(data)
        field = self.fields["ticket_type"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  # for mypy
        field.choices = [(row.ticket_type.pk, _described(row)) for row in destinations]


class HostNoteForm(forms.ModelForm):
    class Meta:
        model = Booking
        fields = ("host_note",)
        labels = {"host_note": "Note"}
        widgets = {"host_note": forms.Textarea(attrs={"rows": 3})}


def type_choices(ticket_types: Sequence[TicketType]) -> list[tuple[int, str]]:
    return [
        (
            row.pk,
            f"{row.name}, {format_money(row.price, row.currency)}, {row.stock.for_sale} left",
        )
        for row in ticket_types
    ]


def _described(destination: Destination) -> str:
    row, difference = destination.ticket_type, destination.difference
    price = format_money(destination.price, row.currency)
    if not difference:
        words = "the same price"
    else:
        amount = format_money(abs(difference), row.currency)
        words = f"{amount} {'more' if difference > 0 else 'less'}"
    return f"{row.name}, {price} ({words}), {destination.left} left"
