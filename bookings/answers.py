"""What was answered to the hosts' questions, for pages and tables that show it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F

from bookings.models import Answer, Booking, Question, Ticket
from eventmate.kept_queries import IsOneOf, KeptQuery, Parameter

ANSWERS = KeptQuery(
    lambda: (
        Answer.objects.filter(IsOneOf(F("booking"), Parameter("bookings")))
        .select_related("question")
        .order_by("question__position", "question")
    )
)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of some bookings, each with its question, in the order of the questions."""

    _given: Mapping[tuple[int, int | None], Sequence[Answer]]

    def of_booking(self, booking: Booking) -> Sequence[Answer]:
        """To what is asked once a booking."""
        return self._given.get((booking.pk, None), ())

    def of_ticket(self, ticket: Ticket) -> Sequence[Answer]:
        """To what is asked for each ticket."""
        return self._given.get((ticket.booking_id, ticket.pk), ())

    def row_of(self, ticket: Ticket, questions: Iterable[Question]) -> list[str]:
        """A text for each of the questions, the ticket's own or its booking's: empty where nothing
        was answered.
        """
        texts = {
            answer.question_id: answer.text
            for about in (None, ticket.pk)
            for answer in self._given.get((ticket.booking_id, about), ())
        }
        return [texts.get(question.pk, "") for question in questions]


def answers_of(bookings: Iterable[Booking]) -> Answers:
    """One query for any number of bookings, but none for no bookings. The columns of a table are
    ``event.questions.reported()``.
    """
    given = defaultdict(list)
    ids = list({booking.pk for booking in bookings})
    for answer in ANSWERS.rows(bookings=ids) if ids else ():
        given[answer.booking_id, answer.ticket_id].append(answer)
    return Answers(given)
