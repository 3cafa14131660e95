"""What a host writes to attendees."""

import uuid
from typing import Any, cast

from django import forms
from django.http import QueryDict

from bookings.exceptions import BookingError, Refusal
from bookings.mail.variables import VARIABLES, has_variable, unknown_variables
from bookings.models import Notice
from events.models import Event, TicketType

LONGEST_SUBJECT = Notice._meta.get_field("subject").max_length
LONGEST_TEXT = 5000
IN_BRACES = [f"{{{name}}}" for name in VARIABLES]
LETTER = ("key", "subject", "text", "is_to_absent")
MOST_SHOWN = 60  # letters of what was typed in braces


class LetterForm(forms.Form):
    """``key`` makes a repeat harmless, and a draft that is written anew the same draft."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    ticket_types = forms.ModelMultipleChoiceField(
        TicketType.objects.none(),
        label="Only to those with these tickets",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick none, and everyone with a ticket gets it.",
    )
    is_to_absent = forms.BooleanField(
        label="Only to those who are not checked in when I send it", required=False
    )
    subject = forms.CharField(max_length=LONGEST_SUBJECT)
    text = forms.CharField(
        label="Your message",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=(
            "Each reader sees their own: <code>{name}</code> becomes their name,"
            " <code>{event}</code> the event’s title, and <code>{ticket_link}</code> the link to"
            " their tickets. When and where it is stands below your words."
        ),
    )

    def __init__(
        self, data: Any = None, *, event: Event, draft: Notice | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, initial=_initial(draft), **kwargs)
        ticket_types = event.ticket_types.all()
        cast(forms.ModelMultipleChoiceField, self.fields["ticket_types"]).queryset = ticket_types
        if len(ticket_types) < 2 and (draft is None or draft.is_to_all):
            del self.fields["ticket_types"]

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        _check_variables(subject)
        if has_variable(subject, "ticket_link"):
            raise forms.ValidationError("{ticket_link} is for the message, not for its subject.")
        return subject

    def clean_text(self) -> str:
        # A browser sends its lines with two letters at the end of each.
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        _check_variables(text)
        return text

    @property
    def letter(self) -> dict[str, Any]:
        """What save_draft takes."""
        ticket_types = list(self.cleaned_data.get("ticket_types") or [])
        fields = {name: self.cleaned_data[name] for name in LETTER}
        return fields | {"ticket_types": ticket_types}

    def show_refusal(self, error: BookingError) -> None:
        """A key that another letter used up is replaced."""
        self.add_error(None, str(error))
        if error.code is Refusal.SENT_ALREADY:
            data = cast(QueryDict, self.data).copy()
            data["key"] = str(uuid.uuid4())
            self.data = data


def _initial(draft: Notice | None) -> dict[str, Any]:
    if draft is None:
        return {"key": uuid.uuid4(), "text": "Hello {name},\n\n"}
    return {
        "key": draft.key,
        "subject": draft.subject,
        "text": draft.text,
        "ticket_types": list(draft.ticket_types.all()),
        "is_to_absent": draft.is_to_absent,
    }


def _check_variables(text: str) -> None:
    unknown = [name[:MOST_SHOWN] for name in unknown_variables(text)]
    if unknown:
        raise forms.ValidationError(
            f"Nothing is known of {_listed(unknown)}. What stands in braces can be"
            f" {_listed(IN_BRACES, 'or')}."
        )


def _listed(words: list[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
