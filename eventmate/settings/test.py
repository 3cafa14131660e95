"""The tests: on the services that tests/services.py started, with the data directory untouched."""

import tempfile
from pathlib import Path

from eventmate.settings import base
from eventmate.settings.base import *  # noqa: F403  # a settings module extends the one below it
from eventmate.settings.base import BASE_DIR

SECRET_KEY = "only-for-tests"  # noqa: S105  # protects nothing
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
RATE_LIMIT_ENABLED = False
PAGE_CACHE_MEMORY = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT = BASE_DIR / "static"  # WhiteNoise wants a folder that exists
MEDIA_ROOT = Path(tempfile.gettempdir()) / "eventmate-test-media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def patient(cache: dict[str, object]) -> dict[str, object]:
    """A machine that stands still for a moment is no Redis that fails. What failing does is tested
    with the site's own patience (tests/eventmate/redis_faults.py).
    """
    options = cache.get("OPTIONS")
    if not isinstance(options, dict):
        return cache
    return cache | {"OPTIONS": {**options, "SOCKET_CONNECT_TIMEOUT": 10, "SOCKET_TIMEOUT": 10}}


CACHES = {alias: patient(cache) for alias, cache in base.CACHES.items()}
