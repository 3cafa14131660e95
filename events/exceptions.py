import enum


class EventRefusal(enum.StrEnum):
    """Why an event, its tickets, its host or a saved search could not be changed."""

    NOT_A_DRAFT = "not_a_draft"
    NOT_PUBLISHED = "not_published"
    NOT_CANCELLED = "not_cancelled"
    NOT_SCHEDULED = "not_scheduled"
    HAS_BOOKINGS = "has_bookings"
    CAPACITY_BELOW_TAKEN = "capacity_below_taken"
    TOO_MANY_SEARCHES = "too_many_searches"
    IMAGE_REFUSED = "image_refused"
    IMAGE_NOT_STORED = "image_not_stored"
    TOO_MANY_IMAGES = "too_many_images"
    ADDRESS_NOT_VERIFIED = "address_not_verified"
    TOO_MANY_HOSTS = "too_many_hosts"
    ALREADY_ON_TEAM = "already_on_team"
    TOO_MANY_INVITATIONS = "too_many_invitations"
    INVITATION_ENDED = "invitation_ended"
    NOT_ON_TEAM = "not_on_team"
    NOT_A_MANAGER = "not_a_manager"
    NOT_THE_OWNER = "not_the_owner"


class EventError(Exception):
    """A change was refused; the message tells a person why. Nothing was changed."""

    def __init__(self, code: EventRefusal, message: str) -> None:
        super().__init__(message)
        self.code = code
