"""The second step: who books, who comes, what the host asks, how it is paid."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.html import format_html

from bookings.forms.address import AddressField
from bookings.forms.answers import answer_field, answer_text, field_name, typed_text
from bookings.models import Booking, PaymentMethod, Question, Ticket
from bookings.payments import payment_methods_for


@dataclass(frozen=True, slots=True)
class Attendee:
    """What the form asks of one ticket."""

    ticket: Ticket
    name: forms.BoundField
    answers: Sequence[forms.BoundField]


class DetailsForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label="Your e-mail address",
        help_text="The confirmation goes there.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        booking: Booking,
        questions: Iterable[Question] = (),
    ) -> None:
        super().__init__(data, initial={"name": booking.name, "email": booking.email})
        self.tickets: list[Ticket] = list(booking.tickets.all())
        self.questions = list(questions)
        for number, ticket in enumerate(self.tickets, 1):
            self.fields[self.field_name(ticket)] = forms.CharField(
                label=f"Name on ticket {number}",
                help_text=format_html("{}. Empty: in your name.", ticket.ticket_type.name),
                max_length=150,
                required=False,
                initial=ticket.attendee_name,
            )
        for question, asked_of in self._asked():
            self.fields[field_name(question, asked_of)] = answer_field(
                question, typed=booking.typed_answers.get(question.key(asked_of), "")
            )
        self.payment_methods = payment_methods_for(event=booking.event, total=booking.total)
        if self.payment_methods:
            self.fields["payment_method"] = forms.ChoiceField(
                label="How to pay",
                choices=[(method.value, method.label) for method in self.payment_methods],
                widget=forms.HiddenInput if len(self.payment_methods) == 1 else forms.RadioSelect,
                initial=self.payment_methods[0],
            )

    def clean(self) -> dict[str, Any]:
        if not self.payment_methods:
            raise forms.ValidationError("The host does not take payment at the door any more.")
        return self.cleaned_data

    @property
    def is_paid_at_door(self) -> bool:
        return self.payment_methods == [PaymentMethod.AT_DOOR]

    @staticmethod
    def field_name(ticket: Ticket) -> str:
        return f"attendee_{ticket.pk}"

    @property
    def attendees(self) -> list[Attendee]:
        return [
            Attendee(
                ticket,
                self[self.field_name(ticket)],
                [self[field_name(row, ticket)] for row in self.questions if row.is_per_ticket],
            )
            for ticket in self.tickets
        ]

    @property
    def asks_of_each_ticket(self) -> bool:
        return any(question.is_per_ticket for question in self.questions)

    @property
    def booking_answers(self) -> list[forms.BoundField]:
        """The questions that are asked once."""
        return [self[field_name(row)] for row in self.questions if not row.is_per_ticket]

    @property
    def details(self) -> dict[str, Any]:
        """What was typed, once it is valid. A ticket with no name is in the buyer's."""
        name = self.cleaned_data["name"]
        return {
            "name": name,
            "email": self.cleaned_data["email"],
            "attendee_names": {
                ticket.pk: self.cleaned_data[self.field_name(ticket)] or name
                for ticket in self.tickets
            },
            "answers": {
                question.key(ticket): answer_text(
                    question, self.cleaned_data[field_name(question, ticket)]
                )
                for question, ticket in self._asked()
            },
        }

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, right or wrong, as far as there is room for it."""
        return {
            "name": self._typed_in("name"),
            "email": self._typed_in("email"),
            "attendee_names": {
                ticket.pk: self._typed_in(self.field_name(ticket)) for ticket in self.tickets
            },
            "answers": {
                question.key(ticket): text
                for question, ticket in self._asked()
                if (text := typed_text(question, self.data, field_name(question, ticket)))
            },
        }

    def _asked(self) -> Iterator[tuple[Question, Ticket | None]]:
        """Every question that is asked, of a ticket or once."""
        for question in self.questions:
            for ticket in self.tickets if question.is_per_ticket else [None]:
                yield question, ticket

    def _typed_in(self, name: str) -> str:
        field = cast("forms.CharField", self.fields[name])
        return str(self.data.get(name, "")).strip()[: field.max_length]

    @property
    def payment_method(self) -> PaymentMethod:
        return PaymentMethod(self.cleaned_data["payment_method"])
