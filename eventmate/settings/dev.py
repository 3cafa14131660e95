"""`make dev`: the local settings with debug pages; templates and static files are read anew."""

from eventmate.settings.local import *  # noqa: F403  # a settings module extends the one below it
from eventmate.settings.local import STORAGES

DEBUG = True
PAGE_CACHE_MEMORY = 0  # what is changed shows at once
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
