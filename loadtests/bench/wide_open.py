"""The site with the gate of bookings/services/gate.py wide open, to see what the gate does."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "loadtests.bench.wide_open_settings"

from eventmate.wsgi import application

__all__ = ["application"]
