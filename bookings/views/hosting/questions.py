"""What a host asks those who book."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.access import access_hosted_event
from bookings.exceptions import BookingError
from bookings.forms.question import QuestionForm
from bookings.models import Question
from bookings.services.questions import (
    add_question,
    ask_again,
    change_question,
    move_question,
    remove_question,
)

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_safe
def list_questions(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    questions = list(event.questions.with_answers())
    context = {
        "event": event,
        "asked": [row for row in questions if not row.is_retired],
        "retired": [row for row in questions if row.is_retired],
    }
    return render(request, "bookings/hosting/questions.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    return _editing(request, Question(event=event))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: "AuthenticatedHttpRequest", slug: str, question_id: int) -> HttpResponse:
    return _editing(request, _accessed(request, slug, question_id))


@login_required
@require_POST
def move(request: "AuthenticatedHttpRequest", slug: str, question_id: int) -> HttpResponse:
    question = _accessed(request, slug, question_id)
    move_question(question=question, by=-1 if "up" in request.POST else 1)
    address = reverse("bookings:hosted_questions", args=[slug])
    return redirect(f"{address}#question-{question.pk}")


@login_required
@require_POST
def remove(request: "AuthenticatedHttpRequest", slug: str, question_id: int) -> HttpResponse:
    question = _accessed(request, slug, question_id)
    if remove_question(question=question):
        messages.success(request, f"“{question}” is deleted: nobody had answered it.")
    else:
        messages.success(request, f"“{question}” is asked no more. Its answers are kept.")
    return redirect("bookings:hosted_questions", slug)


@login_required
@require_POST
def restore(request: "AuthenticatedHttpRequest", slug: str, question_id: int) -> HttpResponse:
    question = _accessed(request, slug, question_id)
    try:
        ask_again(question=question)
    except BookingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{question}” is asked again.")
    return redirect("bookings:hosted_questions", slug)


def _editing(request: "AuthenticatedHttpRequest", question: Question) -> HttpResponse:
    form = QuestionForm(request.POST if request.method == "POST" else None, instance=question)
    if form.is_valid() and _saved(form):
        messages.success(request, f"Those who book are asked: “{question}”")
        return redirect("bookings:hosted_questions", question.event.slug)
    context = {"event": question.event, "form": form, "is_new": question.pk is None}
    status = 400 if form.is_bound else 200
    return render(request, "bookings/hosting/question.html", context, status=status)


def _saved(form: QuestionForm) -> bool:
    save = change_question if form.instance.pk else add_question
    try:
        save(question=form.instance)
    except BookingError as error:
        form.add_error(None, str(error))
        return False
    return True


def _accessed(request: "AuthenticatedHttpRequest", slug: str, question_id: int) -> Question:
    event = access_hosted_event(slug=slug, user=request.user)
    return get_object_or_404(event.questions, pk=question_id)
