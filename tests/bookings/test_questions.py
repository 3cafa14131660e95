"""What a host asks, answered by those who book: forms as a browser without scripts sends them."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from bookings.access import booking_link
from bookings.models import Answer, Booking, Question
from tests.factories import HoldFactory, QuestionFactory, TicketTypeFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db

WHO = {"name": "Ada", "email": "ada@example.com"}


@pytest.fixture
def hold() -> Booking:
    ticket_type = TicketTypeFactory(name="Stalls")
    booking: Booking = HoldFactory(event=ticket_type.event, tickets=[ticket_type] * 2)
    return booking


@pytest.fixture
def diet(hold: Booking) -> Question:
    """Of each ticket."""
    question: Question = QuestionFactory(
        event=hold.event,
        text="What do you eat?",
        kind="choice",
        choices=["Everything", "No meat"],
        is_per_ticket=True,
        is_required=True,
    )
    return question


@pytest.fixture
def rules(hold: Booking) -> Question:
    question: Question = QuestionFactory(
        event=hold.event, text="I have read the rules", kind="checkbox", is_required=True
    )
    return question


@pytest.fixture
def motto(hold: Booking) -> Question:
    question: Question = QuestionFactory(
        event=hold.event, text="Your motto", help_text="In <b>few</b> words"
    )
    return question


def details_page(client: Any, hold: Booking) -> str:
    page: str = client.get(booking_link(hold, "bookings:confirm")).content.decode()
    return page


def send(client: Any, hold: Booking, **fields: str) -> Any:
    form = submission(details_page(client, hold)) | WHO | fields
    return client.post(booking_link(hold, "bookings:confirm"), form, follow=True)


def of_tickets(hold: Booking, question: Question, *texts: str) -> dict[str, str]:
    tickets = hold.tickets.all()
    return {f"answer_{question.key(t)}": text for t, text in zip(tickets, texts, strict=True)}


def given(booking: Booking) -> list[tuple[str, int | None, str]]:
    rows = Answer.objects.filter(booking=booking).order_by("pk")
    return [(row.question.text, row.ticket_id, row.text) for row in rows]


def test_answers_are_written_with_the_booking_and_shown_to_the_buyer(
    client, hold, diet, rules, motto
):
    first, second = hold.tickets.all()

    page = send(
        client,
        hold,
        **of_tickets(hold, diet, "Everything", "No meat"),
        **{f"answer_{rules.pk}": "on", f"answer_{motto.pk}": " Carpe <i>diem</i> "},
    )

    assert given(hold) == [
        ("What do you eat?", first.pk, "Everything"),
        ("What do you eat?", second.pk, "No meat"),
        ("I have read the rules", None, "Yes"),
        ("Your motto", None, "Carpe <i>diem</i>"),
    ]
    html = page.content.decode()
    assert "<dd>No meat</dd>" in html
    assert "<dd>Carpe &lt;i&gt;diem&lt;/i&gt;</dd>" in html
    hold.refresh_from_db()
    assert hold.is_confirmed
    assert hold.typed_answers == {}


def test_what_is_left_out_or_not_ticked_and_need_not_be_is_fine(client, hold, motto):
    box = QuestionFactory(event=hold.event, text="Newsletter", kind="checkbox")
    choice = QuestionFactory(event=hold.event, kind="choice", choices=["A", "B"])

    page = send(client, hold, **{f"answer_{choice.pk}": ""})

    assert "is confirmed" in page.content.decode()
    assert given(hold) == [(box.text, None, "No")]


def test_missing_answers_are_said_and_nothing_that_was_typed_is_lost(
    client, hold, diet, rules, motto
):
    typed = {
        **of_tickets(hold, diet, "No meat", ""),
        f"answer_{motto.pk}": "Carpe diem",
    }

    response = send(client, hold, **typed)

    form = response.context["form"]
    missing = list(of_tickets(hold, diet, "", ""))[1]
    assert response.status_code == 400
    assert dict(form.errors) == {
        missing: ["Please answer this."],
        f"answer_{rules.pk}": ["Please tick this to book."],
    }
    kept = submission(response.content.decode())
    assert kept.items() >= (typed | WHO).items()
    assert not Answer.objects.exists()
    hold.refresh_from_db()
    assert hold.is_pending


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("Only cake", "“Only cake” is not one of the answers. Please choose again."),
        ("<script>", "“&lt;script&gt;” is not one of the answers."),
        ("x" * 400, "is not one of the answers"),
    ],
)
def test_answer_that_is_not_offered_is_refused(client, hold, diet, answer, error):
    response = send(client, hold, **of_tickets(hold, diet, "No meat", answer))

    assert response.status_code == 400
    assert error in response.content.decode()


def test_answer_that_is_too_long_is_refused_and_kept(client, hold, motto):
    response = send(client, hold, **{f"answer_{motto.pk}": "x" * 301})

    assert response.status_code == 400
    assert "at most 300 characters (it has 301)" in response.content.decode()
    assert "x" * 301 in response.content.decode()


def test_explanation_is_shown_as_it_was_written(client, hold, motto):
    page = details_page(client, hold)

    assert "In &lt;b&gt;few&lt;/b&gt; words" in page
    assert 'Your motto <span class="optional">(optional)</span>' in page


def test_what_is_asked_no_more_is_not_asked_and_not_written(client, hold, motto):
    before = submission(details_page(client, hold))
    Question.objects.update(retired_at=timezone.now())

    form = before | WHO | {f"answer_{motto.pk}": "Carpe diem"}
    client.post(booking_link(hold, "bookings:confirm"), form)

    assert f"answer_{motto.pk}" in before
    assert given(hold) == []
    hold.refresh_from_db()
    assert hold.is_confirmed


def test_question_that_came_while_the_form_was_open_is_asked_before_the_booking(client, hold):
    before = submission(details_page(client, hold))
    question = QuestionFactory(event=hold.event, text="Which floor?", is_required=True)

    response = client.post(booking_link(hold, "bookings:confirm"), before | WHO)

    assert response.status_code == 400
    assert list(response.context["form"].errors) == [f"answer_{question.pk}"]


def test_more_time_keeps_the_answers(client, hold, diet, rules, motto):
    typed = {
        **of_tickets(hold, diet, "No meat", ""),
        f"answer_{rules.pk}": "on",
        f"answer_{motto.pk}": "Carpe diem",
    }

    page = client.post(booking_link(hold, "bookings:extend"), typed, follow=True)

    assert submission(page.content.decode()).items() >= typed.items()
    assert not Answer.objects.exists()


def test_choosing_again_after_the_time_ran_out_keeps_the_answers(client, hold, diet, motto):
    form = submission(details_page(client, hold)) | WHO
    form |= of_tickets(hold, diet, "No meat", "Everything")
    form[f"answer_{motto.pk}"] = "Carpe diem"
    Booking.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    again = client.post(booking_link(hold, "bookings:confirm"), form)
    choice = submission(client.get(again["Location"]).content.decode())
    page = client.post(again["Location"], choice, follow=True)

    new = Booking.objects.exclude(pk=hold.pk).get()
    kept = submission(page.content.decode())
    expected = of_tickets(new, diet, "No meat", "Everything")
    assert kept.items() >= (expected | {f"answer_{motto.pk}": "Carpe diem"}).items()


@pytest.mark.parametrize("number", [1, 10])
def test_pages_cost_the_same_for_any_number_of_questions(
    client, django_assert_max_num_queries, hold, number
):
    asked = [QuestionFactory(event=hold.event, is_per_ticket=n % 2 == 1) for n in range(number)]
    link = booking_link(hold, "bookings:confirm")

    with django_assert_max_num_queries(4):  # the booking, its tickets, their types, questions
        page = client.get(link).content.decode()
    fields = {name: "So" for name in submission(page) if name.startswith("answer_")}
    assert len(fields) >= len(asked)
    client.post(link, submission(page) | WHO | fields)
    with django_assert_max_num_queries(4):  # the booking, its tickets, their types, answers
        assert client.get(booking_link(hold)).content.decode().count("<dd>So</dd>") == len(fields)


def test_answers_go_with_their_booking(client, hold, motto):
    send(client, hold, **{f"answer_{motto.pk}": "Carpe diem"})
    ticket = hold.tickets.first()
    Answer.objects.create(booking=hold, ticket=ticket, question=motto, text="Of a ticket")

    ticket.delete()

    assert given(hold) == [("Your motto", None, "Carpe diem")]
