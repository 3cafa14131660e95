"""The application that Gunicorn serves."""

import os
import sys

import django
from gevent.monkey import is_module_patched


def refuse_unpatched_gevent() -> None:
    """Raise if a gevent worker loads the application with blocking sockets.

    Every request of the worker would wait for one slow query, and psycopg and Django keep the
    choice that they make at import.
    """
    if "gunicorn.workers.ggevent" in sys.modules and not is_module_patched("socket"):
        raise RuntimeError(
            "This gevent worker is not monkey-patched, so one slow query would stop all of its "
            "requests. Start it with `gunicorn -c gunicorn_config.py eventmate.wsgi`: the first "
            "line of that file patches before anything is imported."
        )


refuse_unpatched_gevent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventmate.settings.local")
django.setup(set_prefix=False)

# These read the settings, so they come after them.
from eventmate.handler import Handler  # noqa: E402
from eventmate.pages.front import Front  # noqa: E402
from eventmate.pages.site import site_pages  # noqa: E402

pages = site_pages()
application = Front(Handler(), pages) if pages else Handler()
