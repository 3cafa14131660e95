from typing import Any

from django import forms

from events.models import ReportReason


class ReplyForm(forms.Form):
    text = forms.CharField(
        label="Your reply",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Everyone who reads the review reads it, with the host’s name.",
    )


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label="What is wrong with it?", choices=ReportReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Anything else the moderators should know",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Only they read it.",
    )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("reason") == ReportReason.OTHER and not self.cleaned_data.get(
            "note"
        ):
            self.add_error("note", "Please say what it is.")
        return self.cleaned_data
