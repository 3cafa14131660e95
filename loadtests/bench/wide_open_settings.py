from eventmate.settings.local import *  # noqa: F403  # a settings module extends the one below it

BOOKING_WRITES_AT_ONCE = BOOKING_WRITES_AT_ONCE_PER_EVENT = 1000
NEW_PAGES_AT_ONCE = 1000
