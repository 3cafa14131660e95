"""A question as hosts write it."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from bookings.models import Question, QuestionKind
from bookings.services.questions import FIXED_BY_ANSWERS

MOST_CHOICES, LONGEST_CHOICE = 30, 100


class LinesField(forms.CharField):
    """A list of texts, one on each line."""

    widget = forms.Textarea(attrs={"rows": 5})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (" ".join(line.split()) for line in str(value or "").splitlines())
        return list(dict.fromkeys(filter(None, lines)))


class QuestionForm(forms.ModelForm):
    """Of a question with answers, what it asks can be put in better words, but it stays of its
    kind.
    """

    text = forms.CharField(
        label="Question",
        max_length=150,
        help_text="Such as “What do you eat?”, or “I have read the rules of the house”.",
    )
    help_text = forms.CharField(
        label="Explanation",
        max_length=300,
        required=False,
        help_text="In small print above the answer. You can leave it empty.",
    )
    kind = forms.ChoiceField(
        label="What they answer with", choices=QuestionKind.choices, widget=forms.RadioSelect
    )
    choices = LinesField(
        label="Answers to choose from",
        required=False,
        help_text="For one of several answers: each on a line of its own, two or more.",
    )
    is_per_ticket = forms.ChoiceField(
        label="How often it is asked",
        choices=[("", "Once, for the whole booking"), ("yes", "For each ticket")],
        required=False,
        widget=forms.RadioSelect,
    )
    is_required = forms.BooleanField(
        label="It has to be answered to book",
        required=False,
        help_text="A box has to be ticked then.",
    )

    class Meta:
        model = Question
        fields: ClassVar = [
            "text",
            "help_text",
            "kind",
            "choices",
            "is_per_ticket",
            "is_required",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_answered = bool(self.instance.pk) and self.instance.answers.exists()
        self.initial["is_per_ticket"] = "yes" if self.instance.is_per_ticket else ""
        for name in FIXED_BY_ANSWERS if self.is_answered else ():
            self.fields[name].disabled = True

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())

    def clean_is_per_ticket(self) -> bool:
        return bool(self.cleaned_data["is_per_ticket"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "choices" in self.cleaned_data and (kind := self.cleaned_data.get("kind")):
            self._check_choices(self.cleaned_data["choices"], is_choice=kind == QuestionKind.CHOICE)
        return self.cleaned_data

    def _check_choices(self, choices: list[str], *, is_choice: bool) -> None:
        if choices and not is_choice:
            error = "Only “one of several answers” has these. Choose it above, or empty this field."
        elif is_choice and len(choices) < 2:
            error = "Give at least two answers, each on a line of its own."
        elif len(choices) > MOST_CHOICES:
            error = f"At most {MOST_CHOICES} answers: these are {len(choices)}."
        elif too_long := next((c for c in choices if len(c) > LONGEST_CHOICE), None):
            error = f"At most {LONGEST_CHOICE} characters an answer: “{too_long[:40]}…” is longer."
        else:
            return
        self.add_error("choices", ValidationError(error))
