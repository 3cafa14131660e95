"""What every way of running EventMate shares. All that differs between machines is in the
environment; the README's configuration table lists it.
"""

from ipaddress import ip_network
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env()

DATA_DIR = Path(env.str("EVENTMATE_DATA_DIR", default=str(BASE_DIR / ".local"))).absolute()

DEBUG = False
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = []
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = [ip_network(proxy) for proxy in env.list("TRUSTED_PROXIES", default=[])]

INSTALLED_APPS = [
    "accounts",
    "events",
    "bookings",
    "health",
    "eventmate.admin_site.EventMateAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "procrastinate.contrib.django",
    "pgtrigger",
]

MIDDLEWARE = [
    "eventmate.middleware.malformed.refuse_malformed_requests",
    "health.middleware.answer_health_checks",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "eventmate.urls"
WSGI_APPLICATION = "eventmate.wsgi.application"
FORMS_URLFIELD_ASSUME_HTTPS = True  # as Django 6 does
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- PostgreSQL -----------------------------------------------------------------------------------

database_url = env.str("DATABASE_URL", default="") or "postgresql:///eventmate"
if not database_url.startswith(("postgresql://", "postgres://")):
    raise ImproperlyConfigured(
        "DATABASE_URL must be a postgresql:// URL, such as postgresql://user:password@host/name."
    )
database = env.db_url_config(database_url)
DATABASES = {"default": database | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}}
DATABASES["default"]["OPTIONS"] = {"connect_timeout": 3} | database.get("OPTIONS", {})

# Only the web process pools, and only its statements have deadlines: gunicorn_config.py sets the
# size. Commands and jobs may take their time.
pool_size = env.int("DATABASE_POOL_SIZE", default=0)
if pool_size:
    deadlines = (
        "-c statement_timeout=5000 -c lock_timeout=2000"
        " -c idle_in_transaction_session_timeout=10000"
    )
    given = DATABASES["default"]["OPTIONS"].get("options", "")
    DATABASES["default"]["OPTIONS"] |= {
        "options": f"{deadlines} {given}".strip(),  # of one that is said twice, the last holds
        "pool": {
            "min_size": min(4, pool_size),
            "max_size": pool_size,
            "timeout": 3,
            "reconnect_timeout": 2,
            "max_waiting": 300,
        },
    }

# Bookings that one process writes at once, and of them for one event; the others wait without a
# connection, so that visitors who look around have some (bookings/services/gate.py). Where there is
# no pool to share, as in commands, nobody waits.
BOOKING_WRITES_AT_ONCE = max(1, pool_size * 6 // 10) if pool_size else 1000
BOOKING_WRITES_AT_ONCE_PER_EVENT = max(1, pool_size * 2 // 10) if pool_size else 1000

# --- Redis, or what stands in for it --------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")


def redis_database(number: int) -> str:
    """The URL of one of the server's databases, for both forms that redis-py reads."""
    if REDIS_URL.startswith("unix://"):
        return f"{REDIS_URL.partition('?')[0]}?db={number}"
    base, _, query = REDIS_URL.partition("?")
    scheme, _, location = base.partition("://")
    host = location.partition("/")[0]
    return f"{scheme}://{host}/{number}" + (f"?{query}" if query else "")


def redis_cache(number: int, backend: str, *, ignore_exceptions: bool) -> dict[str, object]:
    return {
        "BACKEND": backend,
        "LOCATION": redis_database(number),
        "KEY_PREFIX": env.str("CACHE_KEY_PREFIX", default="eventmate"),
        "OPTIONS": {
            "IGNORE_EXCEPTIONS": ignore_exceptions,
            "SOCKET_CONNECT_TIMEOUT": 0.1,
            "SOCKET_TIMEOUT": 0.1,
            "CONNECTION_POOL_CLASS": "redis.BlockingConnectionPool",
            "CONNECTION_POOL_KWARGS": {"max_connections": 50, "timeout": 0.25},
        },
    }


if REDIS_URL:
    CACHES = {
        # In memory while Redis does not answer.
        "default": redis_cache(0, "eventmate.cache.RedisElseMemoryCache", ignore_exceptions=False),
        # Nowhere while Redis does not answer: sessions are in the database as well.
        "sessions": redis_cache(1, "django_redis.cache.RedisCache", ignore_exceptions=True),
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    SESSION_CACHE_ALIAS = "sessions"
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    SESSION_ENGINE = "django.contrib.sessions.backends.db"
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True

# --- Accounts -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.PBKDF2InThreadHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.entrance.AddEmailForm",
    "change_password": "accounts.forms.entrance.ChangePasswordForm",
    "login": "accounts.forms.entrance.LoginForm",
    "reauthenticate": "accounts.forms.entrance.ReauthenticateForm",
    "reset_password": "accounts.forms.entrance.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.entrance.ResetPasswordKeyForm",
    "set_password": "accounts.forms.entrance.SetPasswordForm",
    "signup": "accounts.forms.entrance.SignupForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# --- Mail and files -------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="EventMate <noreply@localhost>")
if email_url := env.str("EMAIL_URL", default=""):
    vars().update(env.email_url_config(email_url))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 10

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Browser security -----------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# --- Operators ------------------------------------------------------------------------------------

# Opens /health/detailed/ and /metrics/ to other machines than this one.
OPERATOR_TOKEN = env.str("OPERATOR_TOKEN", default="")
# The arguments of their jobs are shown to nobody.
SECRET_JOB_QUEUES = {"account-mail"}

# --- Words and times ------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "filters": {"job_arguments": {"()": "eventmate.job_log.WithoutArguments"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["job_arguments"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "events": {"level": "INFO"},
        "bookings": {"level": "INFO"},
    },
}
