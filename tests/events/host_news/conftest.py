# What a test asks for by name. The mail server is that of mail about bookings.
from tests.bookings.mail.conftest import mail_server, visible_jobs

__all__ = ["mail_server", "visible_jobs"]
