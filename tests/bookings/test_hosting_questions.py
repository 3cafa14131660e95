"""The pages on which hosts write their questions, and those on which they read the answers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bookings.answers import answers_of
from bookings.models import Answer, Booking, Question
from bookings.services.choice import MOST_TICKETS
from bookings.services.questions import (
    MOST_PER_TICKET,
    MOST_QUESTIONS,
    ask_again,
    change_question,
)
from events.models import Event, TicketStock
from tests.bookings.hosted import booked, hosted_event, page_of
from tests.factories import HoldFactory, QuestionFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    return hosted_event(client, title="Late Night Jazz")


def typed(**fields: Any) -> dict[str, Any]:
    return {"text": "What do you eat?", "kind": "text", "is_per_ticket": "", **fields}


def html_of(response: Any) -> str:
    html: str = response.content.decode()
    return html


def answered(question: Question, text: str = "Everything") -> Answer:
    booking = booked(question.event)
    ticket = booking.tickets.get() if question.is_per_ticket else None
    return Answer.objects.create(booking=booking, ticket=ticket, question=question, text=text)


def texts(event: Event) -> list[str]:
    return [question.text for question in event.questions.asked()]


class TestWriting:
    def test_adds_a_question_behind_the_others(self, client: Client, event: Event) -> None:
        empty = html_of(client.get(page_of(event, "hosted_questions")))
        client.post(page_of(event, "hosted_new_question"), typed())
        page = client.post(
            page_of(event, "hosted_new_question"),
            typed(
                text=" Which  <day>? ",
                help_text="You can come to one.",
                kind="choice",
                choices="Friday\n\n Saturday \r\nFriday",
                is_per_ticket="yes",
                is_required="on",
            ),
            follow=True,
        )

        first, second = event.questions.all()
        assert "You ask nothing" in empty
        assert first.text == "What do you eat?"
        assert (second.text, second.choices) == ("Which <day>?", ["Friday", "Saturday"])
        assert (second.is_per_ticket, second.is_required) == (True, True)
        assert "Which &lt;day&gt;?" in html_of(page)
        assert "One of several answers (Friday, Saturday) · for each ticket" in html_of(page)

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"text": " "}, "This field is required."),
            ({"text": "x" * 151}, "at most 150 characters"),
            ({"kind": "essay"}, "Select a valid choice."),
            ({"is_per_ticket": "maybe"}, "Select a valid choice."),
            ({"kind": "choice", "choices": "One"}, "Give at least two answers"),
            ({"kind": "choice", "choices": "One\nOne"}, "Give at least two answers"),
            ({"kind": "choice", "choices": "\n".join(map(str, range(31)))}, "At most 30 answers"),
            ({"kind": "choice", "choices": "One\n" + "x" * 101}, "At most 100 characters"),
            ({"kind": "checkbox", "choices": "One\nTwo"}, "Only “one of several answers” has"),
        ],
    )
    def test_refuses_what_makes_no_sense_and_keeps_it(
        self, client: Client, event: Event, fields: dict[str, str], error: str
    ) -> None:
        sent = typed(help_text="Why we ask", **fields)

        response = client.post(page_of(event, "hosted_new_question"), sent)

        assert response.status_code == 400
        assert error in html_of(response)
        kept = submission(html_of(response))
        assert kept["help_text"] == "Why we ask"
        assert kept["text"] == sent["text"]
        assert kept["choices"] == sent.get("choices", "")
        assert not Question.objects.exists()

    def test_refuses_the_same_question_twice(self, client: Client, event: Event) -> None:
        client.post(page_of(event, "hosted_new_question"), typed())

        response = client.post(page_of(event, "hosted_new_question"), typed())

        assert response.status_code == 400
        assert "You ask this already." in html_of(response)

    @pytest.mark.parametrize(
        ("is_per_ticket", "number", "error"),
        [
            ("yes", MOST_PER_TICKET, f"At most {MOST_PER_TICKET} questions for each ticket"),
            ("", MOST_QUESTIONS, f"At most {MOST_QUESTIONS} questions an event"),
        ],
    )
    def test_refuses_more_questions_than_a_form_can_have(
        self, client: Client, event: Event, is_per_ticket: str, number: int, error: str
    ) -> None:
        for _ in range(number):
            QuestionFactory(event=event, is_per_ticket=bool(is_per_ticket))
        QuestionFactory(event=event, is_per_ticket=True, retired_at=timezone.now())

        response = client.post(
            page_of(event, "hosted_new_question"), typed(is_per_ticket=is_per_ticket)
        )

        assert response.status_code == 400
        assert error in html_of(response)

    def test_allows_as_many_as_the_largest_booking_can_send(self, settings: Any) -> None:
        of_tickets = MOST_TICKETS * (1 + MOST_PER_TICKET)
        others = MOST_QUESTIONS - MOST_PER_TICKET + len(["name", "email", "payment", "token"])

        assert of_tickets + others <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS

    def test_saved_unchanged_stays_as_it_is(self, client: Client, event: Event) -> None:
        question = QuestionFactory(
            event=event, kind="choice", choices=["A", "B"], is_per_ticket=True, is_required=True
        )
        answered(question, "A")
        page = page_of(event, "hosted_question", question.pk)
        before = Question.objects.values().get()

        response = client.post(page, submission(html_of(client.get(page))))

        assert response.status_code == 302
        assert Question.objects.values().get() == before

    def test_changes_the_words_of_a_question_with_answers_but_not_its_kind(
        self, client: Client, event: Event
    ) -> None:
        question: Question = QuestionFactory(event=event, is_per_ticket=True)
        answer = answered(question)
        page = page_of(event, "hosted_question", question.pk)

        assert "It was answered already" in html_of(client.get(page))
        client.post(page, typed(text="What would you like to eat?", kind="checkbox"))

        question.refresh_from_db()
        answer.refresh_from_db()
        assert question.text == "What would you like to eat?"
        assert (question.kind, question.is_per_ticket) == ("text", True)
        assert answer.text == "Everything"


class TestOrder:
    def test_moves_questions_up_and_down(self, client: Client, event: Event) -> None:
        first, _, third = (QuestionFactory(event=event, text=text) for text in "ABC")

        client.post(page_of(event, "hosted_move_question", third.pk), {"up": "1"})
        assert texts(event) == ["A", "C", "B"]
        for _ in range(4):
            client.post(page_of(event, "hosted_move_question", first.pk), {"down": "1"})
        assert texts(event) == ["C", "B", "A"]

    def test_stays_as_it_is_for_one_that_is_asked_no_more(
        self, client: Client, event: Event
    ) -> None:
        retired = QuestionFactory(event=event, retired_at=timezone.now())
        QuestionFactory(event=event, text="A")

        client.post(page_of(event, "hosted_move_question", retired.pk), {"down": "1"})

        assert texts(event) == ["A"]


class TestRemoving:
    def test_deletes_what_nobody_answered(self, client: Client, event: Event) -> None:
        question = QuestionFactory(event=event)
        HoldFactory(event=event, typed_answers={question.key(): "Half of a"})

        page = client.post(page_of(event, "hosted_remove_question", question.pk), follow=True)

        assert "is deleted" in html_of(page)
        assert not Question.objects.exists()

    def test_retires_what_was_answered_until_it_is_asked_again(
        self, client: Client, event: Event
    ) -> None:
        question = QuestionFactory(event=event, text="Your motto")
        answer = answered(question)

        page = client.post(page_of(event, "hosted_remove_question", question.pk), follow=True)
        assert "asked no more. Its answers are kept." in html_of(page)
        assert texts(event) == []
        assert Answer.objects.get() == answer

        client.post(page_of(event, "hosted_ask_again", question.pk))
        assert texts(event) == ["Your motto"]

    def test_does_not_ask_again_what_is_asked_in_the_same_words(
        self, client: Client, event: Event
    ) -> None:
        retired = QuestionFactory(event=event, text="Your motto", retired_at=timezone.now())
        QuestionFactory(event=event, text="Your motto")

        page = client.post(page_of(event, "hosted_ask_again", retired.pk), follow=True)

        assert "You ask this already." in html_of(page)
        retired.refresh_from_db()
        assert retired.is_retired


@pytest.mark.parametrize("save", [change_question, ask_again])
def test_question_that_somebody_else_deletes_meanwhile_is_asked_as_a_new_one(
    event: Event, save: Callable[..., Question]
) -> None:
    QuestionFactory(event=event, text="Which floor?")
    question = QuestionFactory(event=event, text="Your motto")
    Question.objects.filter(pk=question.pk).delete()

    save(question=question)

    assert texts(event) == ["Which floor?", "Your motto"]


class TestReading:
    def test_host_sees_the_answers_with_the_booking(self, client: Client, event: Event) -> None:
        answer = answered(QuestionFactory(event=event, text="Your motto"), "<b>Carpe</b>")
        of_ticket = QuestionFactory(event=event, text="Which floor?", is_per_ticket=True)
        Answer.objects.create(
            booking=answer.booking,
            ticket=answer.booking.tickets.get(),
            question=of_ticket,
            text="The third",
        )

        page = html_of(client.get(page_of(event, "hosted_booking", answer.booking.reference)))

        assert "<dd>&lt;b&gt;Carpe&lt;/b&gt;</dd>" in page
        assert "<dt>Which floor?</dt>" in page
        assert page.index("Who comes") < page.index("<dd>The third</dd>")

    @pytest.mark.parametrize("number", [1, 10])
    def test_answers_of_bookings_are_one_query_and_rows_of_a_table(
        self, event: Event, django_assert_num_queries: Any, number: int
    ) -> None:
        once, each, unasked = (
            QuestionFactory(event=event, is_per_ticket=per_ticket)
            for per_ticket in (False, True, False)
        )
        TicketStock.objects.update(capacity=100)
        bookings: list[Booking] = [booked(event, tickets=2) for _ in range(number)]
        for booking in bookings:
            first, _ = booking.tickets.all()
            Answer.objects.create(booking=booking, question=once, text=f"A {booking.pk}")
            Answer.objects.create(booking=booking, question=each, ticket=first, text="B")
        tickets = [ticket for booking in bookings for ticket in booking.tickets.all()]
        columns = list(event.questions.reported())

        with django_assert_num_queries(1):
            answers = answers_of(bookings)
            rows = [answers.row_of(ticket, columns) for ticket in tickets]

        assert columns == [once, each, unasked]
        assert rows == [[f"A {booking.pk}", text, ""] for booking in bookings for text in ("B", "")]

    def test_columns_are_what_is_asked_or_was_answered(self, event: Event) -> None:
        asked = QuestionFactory(event=event)
        was_answered = QuestionFactory(event=event, retired_at=timezone.now())
        answered(was_answered)
        QuestionFactory(event=event, retired_at=timezone.now())

        assert list(event.questions.reported()) == [asked, was_answered]


@pytest.mark.parametrize("number", [1, 10])
def test_page_costs_the_same_for_any_number_of_questions(
    client: Client, event: Event, django_assert_max_num_queries: Any, number: int
) -> None:
    for _ in range(number):
        answered(QuestionFactory(event=event))

    with django_assert_max_num_queries(5):  # the session, the user, the event, the questions
        page = html_of(client.get(page_of(event, "hosted_questions")))
    assert page.count('id="question-') == number


def test_question_of_another_event_is_not_there(client: Client, event: Event) -> None:
    other = QuestionFactory()

    assert client.get(page_of(event, "hosted_question", other.pk)).status_code == 404
    for name in ("hosted_move_question", "hosted_remove_question", "hosted_ask_again"):
        assert client.post(page_of(event, name, other.pk)).status_code == 404
    assert Question.objects.filter(pk=other.pk, retired_at=None).exists()
