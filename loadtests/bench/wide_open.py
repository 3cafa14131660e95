"""The site in which nobody waits for a turn to book (bookings/services/gate.py) or to have a new
page made (eventmate/pages/turns.py), to see what that is for.
"""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "loadtests.bench.wide_open_settings"

from eventmate.wsgi import application

__all__ = ["application"]
