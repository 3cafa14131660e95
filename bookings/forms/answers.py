"""The questions of an event's host, as fields of the form that asks them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import conditional_escape, format_html

from bookings.models import Question, QuestionKind, Ticket
from bookings.models.question import LONGEST_ANSWER, NOT_TICKED, TICKED

NOT_ANSWERED = "Please answer this."


def field_name(question: Question, ticket: Ticket | None = None) -> str:
    return f"answer_{question.key(ticket)}"


def answer_field(question: Question, *, typed: str) -> forms.Field:
    """``typed`` is what was typed before, right or wrong."""
    common: dict[str, Any] = {
        "required": question.is_required,
        "help_text": conditional_escape(question.help_text),  # templates take it for HTML
    }
    if question.kind == QuestionKind.CHECKBOX:
        return forms.BooleanField(
            label=question.text,
            initial=typed == TICKED,
            error_messages={"required": "Please tick this to book."},
            **common,
        )
    common |= {"label": _label(question), "initial": typed}
    if question.kind == QuestionKind.CHOICE:
        return forms.ChoiceField(
            choices=[
                ("", "Choose one" if question.is_required else "No answer"),
                *_choices(question),
            ],
            error_messages={
                "required": NOT_ANSWERED,
                "invalid_choice": "“%(value)s” is not one of the answers. Please choose again.",
            },
            **common,
        )
    return forms.CharField(
        max_length=LONGEST_ANSWER,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": NOT_ANSWERED},
        **common,
    )


def answer_text(question: Question, cleaned: Any) -> str:
    """What is written of a valid answer: nothing for one that was left out."""
    if question.kind == QuestionKind.CHECKBOX:
        return TICKED if cleaned else NOT_TICKED
    return str(cleaned)


def typed_text(question: Question, data: Mapping[str, Any], name: str) -> str:
    """What was typed, right or wrong, as far as there is room for it."""
    typed = str(data.get(name, "")).strip()[:LONGEST_ANSWER]
    if question.kind == QuestionKind.CHECKBOX:
        return TICKED if typed else ""
    return typed


def _label(question: Question) -> str:
    if question.is_required:
        return question.text
    return format_html('{} <span class="optional">(optional)</span>', question.text)


def _choices(question: Question) -> list[tuple[str, str]]:
    return [(choice, choice) for choice in question.choices]
