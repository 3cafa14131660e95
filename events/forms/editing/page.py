from typing import Any, ClassVar

from django import forms

from events.forms.editing.part import PartForm
from events.models import Event

HOURS = {
    0: "Until it starts",
    24: "Until a day before",
    48: "Until two days before",
    72: "Until three days before",
    168: "Until a week before",
}


def cancellation_choices(present: int | None) -> list[tuple[Any, str]]:
    """With the present one, which may be any number of hours."""
    hours = HOURS if present is None else {present: f"Until {present} hours before"} | HOURS
    return [("", "Not at all"), *sorted(hours.items())]


class PageForm(PartForm):
    """What people read about an event, and on what terms they book."""

    cancellation_hours = forms.TypedChoiceField(
        label="Buyers can cancel", required=False, coerce=int, empty_value=None
    )

    class Meta:
        model = Event
        fields = (
            *("summary", "description", "language", "website"),
            *("is_step_free", "has_hearing_loop", "has_sign_language", "has_companion_ticket"),
            *("allows_pay_at_door", "cancellation_hours"),
            *("max_tickets_per_booking", "max_tickets_per_person"),
        )
        widgets: ClassVar = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "description": forms.Textarea(attrs={"rows": 8}),
        }
        labels: ClassVar = {
            "description": "About the event",
            "language": "Languages",
            "allows_pay_at_door": "Tickets are paid at the door",
        }
        help_texts: ClassVar = {
            "summary": "One or two sentences, for lists and searches.",
            "description": "Markdown: **bold**, *italic*, - lists, [links](https://example.org).",
            "website": "The event’s own, if it has one.",
            "allows_pay_at_door": "So far the only way to pay for tickets that have a price.",
        }

    access = ("is_step_free", "has_hearing_loop", "has_sign_language", "has_companion_ticket")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = self.fields["cancellation_hours"]
        terms.choices = cancellation_choices(  # type: ignore[attr-defined]
            self.instance.cancellation_hours
        )

    @property
    def access_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.access]
