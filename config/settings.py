"""One settings file; environment variables make the differences (docs/guide.md lists them)."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP

from .private import private_file, private_folder
from .secrets import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("COPYTASTER_DATA", BASE_DIR / "data")).resolve()


def enabled(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def listed(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def database(url: str) -> dict[str, Any]:
    """The database that DATABASE_URL names: postgres://..., sqlite:///path, or our own SQLite file."""
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_HEALTH_CHECKS": True,
            # A connection for each thread that answers requests, and a few for commands.
            "OPTIONS": {
                "pool": {"min_size": 1, "max_size": 12, "timeout": 5},
                "connect_timeout": 5,
            },
        }
    if parts.scheme not in {"", "sqlite"}:
        raise ValueError(f"DATABASE_URL: {parts.scheme} is neither postgres nor sqlite.")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": parts.path[1:] if url else DATA_DIR / "copytaster.sqlite3",
        # Each thread keeps its connection: opening one and setting it up takes longer than most pages.
        "CONN_MAX_AGE": None,
        # NORMAL loses acknowledged writes at a power cut; the deferred mode fails under many writers.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            # Who waits longer gets a page that says so: each waits in a thread that others need.
            "timeout": 5,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def mailers(url: str) -> dict[str, Any]:
    """What sends mail: smtp://user:password@host:port, or smtps:// for TLS from the first byte."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("COPYTASTER_MAIL: write smtp://user:password@host:port")
    options: dict[str, Any] = {
        "host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp" and bool(parts.username),
        "timeout": 10,
    }
    return {
        "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
    }


private_folder(DATA_DIR)
DEBUG = enabled("COPYTASTER_DEBUG")
SECRET_KEY = os.environ.get("COPYTASTER_SECRET_KEY") or secret_key(DATA_DIR / "secret_key")
ALLOWED_HOSTS = listed("COPYTASTER_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = listed("COPYTASTER_ORIGINS")

# The name of a user who is signed in without a password, on the loopback interface only.
LOCAL_USER = os.environ.get("COPYTASTER_LOCAL_USER", "")

INSTALLED_APPS = [
    "annotations",
    "corpus",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_tasks_db",
    "django.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.caching.private_pages_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.hostile.HostileValuesMiddleware",
    "config.methods.MethodsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.front.people.person_middleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.local.local_user_middleware",
    "corpus.people.places.last_seen_middleware",
    "config.downloads.downloads_middleware",
    "config.errors.SignInMiddleware",
    "corpus.http.same_person_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "config.guarding.context",
            ],
        },
    },
]

# Forms are drawn with templates/django/forms, which escape help texts: they may be a person's words.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""))}
if (
    DATABASES["default"]["ENGINE"].endswith("sqlite3")
    and DATABASES["default"]["NAME"] != ":memory:"
):
    private_file(Path(DATABASES["default"]["NAME"]))

CACHES = {
    "default": {
        "BACKEND": "config.remembering.BoundedCache",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 500, "MAX_MEGABYTES": 64},
    }
}

# What takes long is done by a worker: `serve` has one, `manage.py worker` is one.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = ["corpus.people.names.NameBackend"]
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds

ACCOUNT_ADAPTER = "corpus.people.adapter.AccountAdapter"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "corpus.acts.tokens.LinkTokens"  # noqa: S105
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = (
    False  # they count in a cache, which is each worker's own; ours in the database
)
ACCOUNT_REAUTHENTICATION_REQUIRED = False

# Mail is for links to a new password; without a server, an owner or the administration hands them over.
MAIL_SERVER = os.environ.get("COPYTASTER_MAIL", "")
SENDS_MAIL = bool(MAIL_SERVER)
if SENDS_MAIL:
    MAILERS = mailers(MAIL_SERVER)
DEFAULT_FROM_EMAIL = os.environ.get("COPYTASTER_MAIL_FROM", "copytaster@localhost")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = os.environ.get("COPYTASTER_TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.storage.HashedFiles"},
}

# Import reads up to 10 MB a file (corpus.imports); anything larger is refused while it arrives.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# What a form with files may have in all; the server refuses more before Django sees it.
UPLOAD_MAX_SIZE = 200 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Behind HTTPS: set COPYTASTER_HTTPS=1, and the cookies and redirects follow.
HTTPS = enabled("COPYTASTER_HTTPS")
# How many proxies of ours a request passes: whose word for the client's address is taken.
PROXIES = int(os.environ.get("COPYTASTER_PROXIES") or 0)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# A browser takes a cookie of such a name only from this very host, over HTTPS.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_AGE = 24 * 3600 * int(os.environ.get("COPYTASTER_SESSION_DAYS") or 14)
# How long the security log keeps addresses.
ADDRESS_DAYS = int(os.environ.get("COPYTASTER_ADDRESS_DAYS") or 90)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # What it cannot read, the report of the import says in our words.
    "loggers": {"trafilatura": {"level": "CRITICAL"}},
}
