"""Writing what was answered to a host's questions."""

from collections.abc import Mapping

from bookings.models import Answer, Booking, Question
from bookings.services.inventory import places_of


def write_answers(*, booking: Booking, answers: Mapping[str, str]) -> None:
    """Inside the transaction that confirms the booking. ``answers`` are by Question.key; those to
    nothing that the event asks are left out.
    """
    if not answers:
        return
    # A lock that many can have at once, and that keeps a question from being deleted meanwhile:
    # what Django offers would make the buyers of an event wait for each other.
    questions = Question.objects.raw(
        "SELECT * FROM bookings_question WHERE event_id = %s ORDER BY id FOR KEY SHARE",
        [booking.event_id],
    )
    Answer.objects.bulk_create(
        Answer(booking=booking, ticket=ticket, question=question, text=text)
        for question in questions
        for ticket in (booking.tickets.all() if question.is_per_ticket else [None])
        if (text := answers.get(question.key(ticket)))
    )


def take_over_typed_answers(*, earlier: Booking | None, booking: Booking) -> None:
    """Keep what was typed for a hold that ran out with the one made instead: of tickets, for those
    of the same type.
    """
    if earlier is None or not earlier.typed_answers:
        return
    new_keys = {"": ""} | _matching_tickets(earlier, booking)
    typed: dict[str, str] = {}
    for key, text in earlier.typed_answers.items():
        question, _, ticket = key.partition("_")
        if ticket in new_keys:
            typed["_".join(filter(None, [question, new_keys[ticket]]))] = text
    booking.typed_answers = typed
    booking.save(update_fields=["typed_answers"])


def _matching_tickets(earlier: Booking, booking: Booking) -> dict[str, str]:
    """Primary keys of tickets, as keys of answers have them: the new one by the old one."""
    return {
        str(old.pk): str(new.pk)
        for ticket_type_id in places_of([earlier])
        for old, new in zip(
            earlier.tickets.filter(ticket_type=ticket_type_id),
            booking.tickets.filter(ticket_type=ticket_type_id),
            strict=False,
        )
    }
