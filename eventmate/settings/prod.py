"""Production behind a proxy that ends TLS. Refuses to start while something it needs is missing."""

from django.core.exceptions import ImproperlyConfigured

from eventmate.settings.base import *  # noqa: F403  # a settings module extends the one below it
from eventmate.settings.base import env

NEEDED = {
    "SECRET_KEY": "a long random text that nobody else knows",
    "ALLOWED_HOSTS": "the host names that this site answers to, with commas between",
    "DATABASE_URL": "the PostgreSQL to use, such as postgresql://user:password@host/name",
    "PUBLIC_URL": "the address that visitors use, such as https://events.example.org",
}
missing = [f"{name} ({what})" for name, what in NEEDED.items() if not env.str(name, default="")]
if missing:
    raise ImproperlyConfigured(f"Set in the environment: {'; '.join(missing)}.")

SECRET_KEY = env.str("SECRET_KEY")
# What Django's check for deployment asks for, without which sessions can be forged.
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured(
        "SECRET_KEY is too short or too plain: it has to be 50 random characters or more. "
        "`python -c 'import secrets; print(secrets.token_urlsafe(50))'` makes one."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")

# Whether it was TLS at the proxy, Gunicorn takes from the proxies in FORWARDED_ALLOW_IPS only.
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# A browser takes these from this host only, over TLS: no other host of the domain can set them.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
