import enum


class EventRefusal(enum.StrEnum):
    """Why an event, what belongs to it, its host or a saved search could not be changed."""

    NOT_A_DRAFT = "not_a_draft"
    NOT_PUBLISHED = "not_published"
    NOT_CANCELLED = "not_cancelled"
    NOT_SCHEDULED = "not_scheduled"
    HAS_BOOKINGS = "has_bookings"
    HAS_PROMO_CODES = "has_promo_codes"
    IN_A_SERIES = "in_a_series"
    IN_NO_SERIES = "in_no_series"
    SERIES_CHANGED = "series_changed"
    DATE_IMPOSSIBLE = "date_impossible"
    TICKETS_IMPOSSIBLE = "tickets_impossible"
    CAPACITY_BELOW_TAKEN = "capacity_below_taken"
    DOES_NOT_FIT = "does_not_fit"
    NO_OWN_LIMIT = "no_own_limit"
    STILL_SHARED = "still_shared"
    NAME_TAKEN = "name_taken"
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
    REVIEW_HIDDEN = "review_hidden"
    ALREADY_REPLIED = "already_replied"
    REPLY_IS_FINAL = "reply_is_final"
    REPORT_DECIDED = "report_decided"
    TOO_MANY_FOLLOWED = "too_many_followed"


class EventError(Exception):
    """A change was refused; the message tells a person why. Nothing was changed."""

    def __init__(self, code: EventRefusal, message: str) -> None:
        super().__init__(message)
        self.code = code
