import enum
from dataclasses import dataclass


class Refusal(enum.StrEnum):
    """Why a booking could not be made or changed."""

    NOTHING_CHOSEN = "nothing_chosen"
    SOLD_OUT = "sold_out"
    SALES_CLOSED = "sales_closed"
    SALES_NOT_STARTED = "sales_not_started"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    UNKNOWN_TICKET_TYPE = "unknown_ticket_type"
    MIXED_CURRENCIES = "mixed_currencies"
    EVENT_CANCELLED = "event_cancelled"
    EVENT_NOT_PUBLISHED = "event_not_published"
    EVENT_OVER = "event_over"
    NO_WAY_TO_PAY = "no_way_to_pay"
    KEY_REUSED = "key_reused"
    HOLD_EXPIRED = "hold_expired"
    ALREADY_EXTENDED = "already_extended"
    NOT_PENDING = "not_pending"
    NOT_CANCELLABLE = "not_cancellable"
    WAS_NOT_THERE = "was_not_there"
    REVIEW_HIDDEN = "review_hidden"
    UNKNOWN_PROMO_CODE = "unknown_promo_code"
    PROMO_CODE_USED_UP = "promo_code_used_up"
    TOO_MANY_FOR_PERSON = "too_many_for_person"
    BUSY = "busy"
    NOT_SOLD_OUT = "not_sold_out"
    WAITING_ALREADY = "waiting_already"
    NOT_WAITING = "not_waiting"
    TICKETS_FIXED = "tickets_fixed"
    NOT_RESENDABLE = "not_resendable"
    IMPORTED_ALREADY = "imported_already"
    TOO_MANY_LETTERS = "too_many_letters"
    NOBODY_TO_TELL = "nobody_to_tell"
    SENT_ALREADY = "sent_already"
    QUESTION_ANSWERED = "question_answered"
    QUESTION_ASKED = "question_asked"
    TOO_MANY_QUESTIONS = "too_many_questions"
    CHECKED_IN = "checked_in"
    OTHER_EVENT = "other_event"
    NOT_VALID = "not_valid"


CONFLICTS = frozenset(
    {
        Refusal.SOLD_OUT,
        Refusal.SALES_CLOSED,
        Refusal.EVENT_CANCELLED,
        Refusal.EVENT_OVER,
        Refusal.KEY_REUSED,
        Refusal.HOLD_EXPIRED,
        Refusal.NOT_PENDING,
        Refusal.NOT_CANCELLABLE,
        Refusal.PROMO_CODE_USED_UP,
        Refusal.NOT_SOLD_OUT,
        Refusal.NOT_WAITING,
        Refusal.TICKETS_FIXED,
        Refusal.NOT_RESENDABLE,
        Refusal.IMPORTED_ALREADY,
        Refusal.TOO_MANY_LETTERS,
        Refusal.NOBODY_TO_TELL,
        Refusal.SENT_ALREADY,
        Refusal.CHECKED_IN,
        Refusal.NOT_VALID,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to tell the person, at the ticket type that it is about where it is about one."""

    code: Refusal
    message: str
    ticket_type_id: int | None = None


class BookingError(Exception):
    """A booking was refused, for one reason or several. Nothing was changed."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems

    @property
    def code(self) -> Refusal:
        return self.problems[0].code

    @property
    def is_conflict(self) -> bool:
        """The request was right when its form was made; what it asks for has changed since."""
        return self.code in CONFLICTS


def refusal(code: Refusal, message: str, ticket_type_id: int | None = None) -> BookingError:
    return BookingError(Problem(code, message, ticket_type_id))
