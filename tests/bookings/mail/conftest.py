from collections.abc import Iterator
from typing import Any

import pytest

from tests.bookings.mail.server import MailServer
from tests.health import job_rows


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """Where mail goes for the time of a test."""
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    settings.EMAIL_TIMEOUT = 2
    yield server
    server.stop()


@pytest.fixture
def visible_jobs(transactional_db: None) -> Iterator[None]:
    """Jobs of this test, and no others, for a worker on another connection."""
    job_rows.clear()  # Django empties its own tables only
    yield
    job_rows.clear()
