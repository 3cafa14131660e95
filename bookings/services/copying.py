"""Copies of an event with all that belongs to its set-up: what is asked and what makes it cheaper,
too.
"""

import uuid
from collections.abc import Sequence

from django.db import transaction

from bookings.models import PromoCode, Question
from events.models import Event
from events.services.copying import Copy, copy_set_up
from events.services.drafts import store_draft

COPIED_OF_QUESTIONS = (
    *("text", "help_text", "kind", "choices", "is_per_ticket", "is_required", "position"),
)
COPIED_OF_CODES = ("code", "kind", "value", "max_uses", "max_uses_per_person")


def store_copy(*, key: uuid.UUID, copy: Event, event: Event) -> Event:
    """Store a copy that has got its times, with ticket types, pictures, questions and promo codes
    of ``event``; nothing of it is booked. The ``key`` is that of a form: sent again, it makes no
    other.
    """
    with transaction.atomic():
        stored, is_new = store_draft(draft=copy, key=key)
        if is_new:
            add_questions_and_codes(event=event, copies=copy_set_up(event=event, copies=[stored]))
    return stored


def add_questions_and_codes(*, event: Event, copies: Sequence[Copy]) -> None:
    """Those that are asked and can be used. Codes are valid as many days later as the copies are,
    and for the same tickets. In the transaction that is open.
    """
    Question.objects.bulk_create(
        Question(
            event=copy.event, **{name: getattr(original, name) for name in COPIED_OF_QUESTIONS}
        )
        for original in event.questions.asked()
        for copy in copies
    )
    originals = event.promo_codes.filter(is_active=True).prefetch_related("ticket_types")
    pairs = [(original, copy) for original in originals for copy in copies]
    codes = PromoCode.objects.bulk_create(_code_of(*pair) for pair in pairs)
    through = PromoCode.ticket_types.through
    through.objects.bulk_create(
        through(promocode_id=code.pk, tickettype_id=copy.ticket_types[ticket_type.pk].pk)
        for code, (original, copy) in zip(codes, pairs, strict=True)
        for ticket_type in original.ticket_types.all()
    )


def _code_of(original: PromoCode, copy: Copy) -> PromoCode:
    starts_at, ends_at = copy.window(original.starts_at, original.ends_at)
    return PromoCode(
        event=copy.event,
        starts_at=starts_at,
        ends_at=ends_at,
        **{name: getattr(original, name) for name in COPIED_OF_CODES},
    )
