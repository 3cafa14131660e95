"""`make run`: production behaviour over plain HTTP on one machine, with nothing to configure.

The secret key is made on the first run and kept in the data directory.
"""

import contextlib
import os
import secrets
import tempfile

from eventmate.settings.base import *  # noqa: F403  # a settings module extends the one below it
from eventmate.settings.base import DATA_DIR, env


def kept_secret_key() -> str:
    """The key in the data directory. Of processes that start at once, the first one's stays."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=DATA_DIR) as draft:  # readable by its owner only
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret_key()
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *env.list("ALLOWED_HOSTS", default=[]),
]
PUBLIC_URL = env.str(
    "PUBLIC_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}"
).rstrip("/")
