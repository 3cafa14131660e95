"""Whether a change is of one date of a series, or of those after it as well."""

from django import forms
from django.db.models import QuerySet

from events.models import Event

ONE, FOLLOWING = "one", "following"


class ScopeField(forms.ChoiceField):
    def __init__(self, dates: int, label: str, help_text: str) -> None:
        following = "the date after it" if dates == 1 else f"the {dates} dates after it"
        super().__init__(
            label=label,
            choices=[(ONE, "This date only"), (FOLLOWING, f"This date and {following}")],
            initial=ONE,
            required=False,
            widget=forms.RadioSelect,
            help_text=help_text,
        )


def ask_for_scope(
    form: forms.BaseForm,
    dates: QuerySet[Event],
    label: str = "What this changes",
    help_text: str = "The others get what you change here, and keep whatever else is their own.",
) -> None:
    """Where there are dates that come after, whether it is about them as well."""
    if count := dates.count():
        form.fields["scope"] = ScopeField(count, label, help_text)


def is_for_following(form: forms.BaseForm) -> bool:
    return form.cleaned_data.get("scope") == FOLLOWING
