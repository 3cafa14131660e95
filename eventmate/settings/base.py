"""What every way of running EventMate shares. All that differs between machines is in the
environment; the README's configuration table lists it.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from eventmate.cloudinary_url import cloudinary_account, picture_sources
from eventmate.embedding import allow_fonts
from eventmate.logs.configuration import logging_config
from eventmate.logs.jobs import name_job
from eventmate.settings.limits import *  # noqa: F403  # the settings of rate limits
from eventmate.settings.services import *  # noqa: F403  # the settings of services
from eventmate.settings.services import env
from eventmate.tiles import tile_sources

BASE_DIR = Path(__file__).resolve().parents[2]

DATA_DIR = Path(env.str("EVENTMATE_DATA_DIR", default=str(BASE_DIR / ".local"))).absolute()

DEBUG = False
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = []
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = frozenset(env.networks("TRUSTED_PROXIES"))

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
    "eventmate.middleware.request_id.give_request_id",
    "eventmate.middleware.timing.time_requests",
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "eventmate.middleware.caching.say_who_may_keep",
    "eventmate.middleware.deadline.end_late_requests",
    "eventmate.middleware.connections.release_connections",
    "eventmate.middleware.malformed.refuse_malformed_requests",
    "health.middleware.answer_health_checks",
    "eventmate.middleware.body.read_body_first",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "eventmate.middleware.compression.compress_pages",
    "eventmate.middleware.rate_limit.limit_clients",
    "eventmate.middleware.hurry.hurry_with_forms",
    "eventmate.middleware.just_sent.mark_senders",
    "eventmate.middleware.form_text.refuse_malformed_forms",
    "eventmate.middleware.last_copies.keep_last_copies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "eventmate.middleware.rate_limit.limit_accounts",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

# Seconds that a body has to arrive; a large one has more.
REQUEST_BODY_TIMEOUT = env.at_least("REQUEST_BODY_TIMEOUT", 0.1, default=5.0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20

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
            "libraries": {"frame": "eventmate.pages.frame", "pages": "eventmate.pages.tags"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Pages from memory ----------------------------------------------------------------------------

# Seconds for which a proxy or a CDN in front may give such a page to others without asking.
PAGE_SHARED_MAX_AGE = env.at_least("PAGE_SHARED_MAX_AGE", 0, default=1)

# --- While the database does not answer -----------------------------------------------------------

# Pages as they last were, for while the database does not answer (eventmate/last_copies.py):
# seconds for which they may be shown, and megabytes that a web worker keeps.
LAST_COPY_MAX_AGE = env.at_least("LAST_COPY_MAX_AGE", 0, default=6 * 60 * 60)
LAST_COPIES_MEMORY = env.at_least("LAST_COPIES_MEMORY", 0, default=3)

# --- Accounts -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2InThreadHasher",
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
    try:
        vars().update(env.email_url_config(email_url))
    except (ImproperlyConfigured, ValueError):
        # What could not be read may be a part of the password.
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read. It is such as smtp+tls://user:password@host:587, with"
            " @ : / ? # % of the name and the password written as %40 %3A %2F %3F %23 %25."
        ) from None
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 10
# Messages that a host may send within a day, each to all attendees of an event or to some.
HOST_MESSAGES_A_DAY = env.at_least("HOST_MESSAGES_A_DAY", 1, default=5)

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
cloudinary_sources: list[str] = []
if cloudinary_url := env.str("CLOUDINARY_URL", default=""):
    account = cloudinary_account(cloudinary_url)
    STORAGES["default"] = {
        "BACKEND": "eventmate.cloudinary_storage.CloudinaryStorage",
        "OPTIONS": account,
    }
    cloudinary_sources = picture_sources(account)
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = allow_fonts

# --- Maps -----------------------------------------------------------------------------------------

# Where the pictures of a map are, such as https://tile.example.org/{z}/{x}/{y}.png; empty: no maps.
MAP_TILE_URL = env.str("MAP_TILE_URL", default="")
MAP_TILE_ATTRIBUTION = env.str("MAP_TILE_ATTRIBUTION", default="© OpenStreetMap contributors")

# --- Browser security -----------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *tile_sources(MAP_TILE_URL), *cloudinary_sources],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
# Nothing for other sites: the addresses of bookings and tickets open them.
SECURE_REFERRER_POLICY = "same-origin"
# The load balancer asks over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics/"]
# What a page could ask the browser for: none does, but for where the visitor is, on a click.
PERMISSIONS_POLICY: dict[str, list[str]] = {"geolocation": ["self"]} | {
    feature: []
    for feature in (
        *("accelerometer", "gyroscope", "magnetometer", "xr-spatial-tracking"),
        *("camera", "microphone", "display-capture", "encrypted-media", "midi"),
        *("autoplay", "fullscreen", "picture-in-picture", "screen-wake-lock", "idle-detection"),
        *("hid", "serial", "usb", "local-fonts", "window-management"),
        *("payment", "publickey-credentials-create", "publickey-credentials-get"),
        *("browsing-topics", "clipboard-read", "storage-access", "sync-xhr"),
    )
}

# --- Operators ------------------------------------------------------------------------------------

# These open /health/detailed/ and /metrics/ to other machines than this one.
OPERATOR_TOKEN = env.str("OPERATOR_TOKEN", default="")
OPERATOR_NETWORKS = env.networks("OPERATOR_NETWORKS")
# The arguments of their jobs are shown to nobody.
SECRET_JOB_QUEUES = {"account-mail"}
# A job of theirs that failed at its first attempt is a mail that was refused: any other is retried.
MAIL_JOB_QUEUES = {"mail"}
# Requests that take longer are in the log as warnings.
SLOW_REQUEST_SECONDS = env.at_least("SLOW_REQUEST_SECONDS", 0.0, default=1.0)

# --- Words and times ------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")

# --- Logs -----------------------------------------------------------------------------------------

LOGGING = logging_config()
# Lines that a job writes name it.
PROCRASTINATE_WORKER_DEFAULTS = {"worker_middleware": [name_job]}
if sentry_dsn := env.str("SENTRY_DSN", default=""):
    from eventmate.logs.sentry import report_errors

    report_errors(
        sentry_dsn,
        environment=env.str("SENTRY_ENVIRONMENT", default="production"),
        release=env.str("SENTRY_RELEASE", default=""),
    )
