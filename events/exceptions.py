import enum


class EventRefusal(enum.StrEnum):
    """Why an event, its tickets or a saved search could not be changed."""

    NOT_A_DRAFT = "not_a_draft"
    NOT_PUBLISHED = "not_published"
    NOT_CANCELLED = "not_cancelled"
    CAPACITY_BELOW_TAKEN = "capacity_below_taken"
    TOO_MANY_SEARCHES = "too_many_searches"


class EventError(Exception):
    """A change was refused; the message tells a person why. Nothing was changed."""

    def __init__(self, code: EventRefusal, message: str) -> None:
        super().__init__(message)
        self.code = code
