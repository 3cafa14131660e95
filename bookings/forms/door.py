"""What is typed, scanned and chosen at the door."""

from typing import Any

from django import forms

LONGEST = 200
LARGEST_KEY = 2**63 - 1


class DoorForm(forms.Form):
    """A text, or the attendee chosen of those that were found by one. ``key`` is drawn anew for
    each page, and makes a form that is sent twice harmless.
    """

    text = forms.CharField(
        label="Code, name, e-mail or reference",
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
                "enterkeyhint": "go",
                "autofocus": True,
            }
        ),
    )
    ticket = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)
    key = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.errors.keys() & {"ticket", "key"}:
            raise forms.ValidationError("This page was changed on its way. Please try again.")
        if not self.errors and not given.get("text") and not given.get("ticket"):
            self.add_error("text", "Scan a ticket, or type who is coming in.")
        return given
