"""What hosts ask: adding, changing, ordering and retiring questions.

Each locks the event's row, which bookings reference but never wait for, so that limits hold for
hosts who write at the same time.
"""

from typing import Final

from django.db import transaction
from django.utils import timezone

from bookings.exceptions import Refusal, refusal
from bookings.models import Question
from events.models import Event

MOST_QUESTIONS: Final = 20
MOST_PER_TICKET: Final = 8
"""With the most tickets that a booking can have, their names and answers still fit in one form."""

FIXED_BY_ANSWERS: Final = ("kind", "is_per_ticket")
CHANGEABLE: Final = (*FIXED_BY_ANSWERS, "text", "help_text", "choices", "is_required")


def add_question(*, question: Question) -> Question:
    """Store a new question, the last in order. Raises BookingError: QUESTION_ASKED or
    TOO_MANY_QUESTIONS.
    """
    with transaction.atomic():
        _lock_event(question)
        _check_askable(question)
        last = question.event.questions.order_by("position").last()
        question.position = last.position + 1 if last else 0
        question.save()
    return question


def change_question(*, question: Question) -> Question:
    """Store what was changed. Answers stay as they were given. Where somebody else has deleted it
    meanwhile, it is asked as a new one.

    Raises BookingError: QUESTION_ANSWERED for another kind or scope of a question with answers,
    QUESTION_ASKED or TOO_MANY_QUESTIONS.
    """
    with transaction.atomic():
        _lock_event(question)
        stored = Question.objects.select_for_update().filter(pk=question.pk).first()
        if stored is None:
            return _add_again(question)
        is_another = any(getattr(stored, n) != getattr(question, n) for n in FIXED_BY_ANSWERS)
        if is_another and stored.answers.exists():
            raise refusal(
                Refusal.QUESTION_ANSWERED,
                "This question has answers by now, so it stays of its kind. Ask a new one instead.",
            )
        if not stored.is_retired:
            _check_askable(question)
        question.save(update_fields=CHANGEABLE)
    return question


def remove_question(*, question: Question) -> bool:
    """Ask it no more: delete it, or retire it where it was answered. Returns whether it was
    deleted.
    """
    with transaction.atomic():
        _lock_event(question)
        # Waits for bookings that are being confirmed with an answer to it.
        stored = Question.objects.select_for_update().filter(pk=question.pk).first()
        if stored is None:
            return True
        if not stored.answers.exists():
            stored.delete()
            return True
        stored.retired_at = stored.retired_at or timezone.now()
        stored.save(update_fields=["retired_at"])
    return False


def ask_again(*, question: Question) -> Question:
    """Ask a retired question again, as a new one where it was deleted meanwhile. Raises
    BookingError: QUESTION_ASKED or TOO_MANY_QUESTIONS.
    """
    with transaction.atomic():
        _lock_event(question)
        _check_askable(question)
        question.retired_at = None
        if not Question.objects.filter(pk=question.pk).exists():
            return _add_again(question)
        question.save(update_fields=["retired_at"])
    return question


def move_question(*, question: Question, by: int) -> None:
    """Put it that many questions further down, or up for a number below zero."""
    with transaction.atomic():
        _lock_event(question)
        order = list(question.event.questions.asked())
        if question not in order:
            return
        at = order.index(question)
        order.insert(min(max(at + by, 0), len(order) - 1), order.pop(at))
        for position, row in enumerate(order):
            row.position = position
        Question.objects.bulk_update(order, ["position"])


def _add_again(question: Question) -> Question:
    question.pk = None
    return add_question(question=question)


def _lock_event(question: Question) -> None:
    Event.objects.select_for_update(no_key=True).only("pk").get(pk=question.event_id)


def _check_askable(question: Question) -> None:
    others = question.event.questions.asked().exclude(pk=question.pk)
    if others.filter(text=question.text).exists():
        raise refusal(Refusal.QUESTION_ASKED, "You ask this already.")
    if others.count() >= MOST_QUESTIONS:
        raise refusal(Refusal.TOO_MANY_QUESTIONS, f"At most {MOST_QUESTIONS} questions an event.")
    if question.is_per_ticket and others.filter(is_per_ticket=True).count() >= MOST_PER_TICKET:
        raise refusal(
            Refusal.TOO_MANY_QUESTIONS,
            f"At most {MOST_PER_TICKET} questions for each ticket: ask the others once a booking.",
        )
