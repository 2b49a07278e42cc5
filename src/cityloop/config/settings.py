"""All settings, each from the environment with a default that suits one machine.

See docs/guide/settings.md for the list. Nothing here needs editing for production.
"""

from __future__ import annotations

import os

import dj_database_url

from cityloop.config.paths import data_folder, docs_folder, front_folder, profiles_folder, secret


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


DATA = data_folder()
PROFILES = profiles_folder()
DOCS = docs_folder()
FRONT = front_folder()  # the built pages
PROFILE = os.environ.get("CITYLOOP_PROFILE", "default")
DEMO = flag("CITYLOOP_DEMO")
DEBUG = flag("CITYLOOP_DEBUG")
SECRET_KEY = secret("secret_key")
ALLOWED_HOSTS = os.environ.get("CITYLOOP_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CITYLOOP_ORIGINS", "").split(",") if o]
# Private networks (CIDR, comma separated) that webhooks may be sent to, e.g. "10.0.0.0/8".
OUTBOUND_NETWORKS = [
    n for n in os.environ.get("CITYLOOP_OUTBOUND_NETWORKS", "").split(",") if n.strip()
]
PUBLIC_URL = os.environ.get("CITYLOOP_PUBLIC_URL", "http://localhost:8000")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "ninja",
    "cityloop.city.jobs",
    "cityloop.city.accounts",
    "cityloop.city.places",
    "cityloop.city.elements",
    "cityloop.city.division",
    "cityloop.city.gazetteer",
    "cityloop.city.audit",
    "cityloop.city.limits",
    "cityloop.data.geography",
    "cityloop.ai.registry",
    "cityloop.ai.triage",
    "cityloop.ai.forecasts",
    "cityloop.ai.hot_issues",
    "cityloop.business.catalogue",
    "cityloop.business.dispatch",
    "cityloop.business.cases",
    "cityloop.business.desk",
    "cityloop.business.intake",
    "cityloop.business.calls",
    "cityloop.business.notify",
    "cityloop.business.appraisal",
    "cityloop.business.patrol",
    "cityloop.business.retention",
    "cityloop.business.supervision",
    "cityloop.business.issues",
    "cityloop.business.replies",
    "cityloop.hub.overview",
    "cityloop.hub.live",
    "cityloop.hub.federation",
    "cityloop.hub.openfigures",
    "cityloop.hub.usage",
    "cityloop.hub.practice",
    "cityloop.hub.guide",
    "cityloop.hub.ogc",
    "cityloop.hub.setup",
    "cityloop.hub.demo",
    "cityloop.web",
]

MIDDLEWARE = [
    "cityloop.web.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "cityloop.web.middleware.PlainAddresses",
    "cityloop.web.middleware.ApiRefusals",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cityloop.city.accounts.gate.LiveLogins",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cityloop.hub.usage.middleware.NoteUse",
]

ROOT_URLCONF = "cityloop.web.urls"
WSGI_APPLICATION = "cityloop.config.wsgi.application"
ASGI_APPLICATION = "cityloop.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- database: SQLite beside the data, or PostgreSQL by DATABASE_URL -------------------------
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA / 'cityloop.sqlite3'}"
    )
}
_db = DATABASES["default"]
if _db["ENGINE"].endswith("sqlite3"):
    _db["OPTIONS"] = {
        # IMMEDIATE: a read-then-write transaction waits for its turn instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        # FULL: what was acknowledged survives a power cut, not only a crash.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864",
    }
    _db["CONN_MAX_AGE"] = None
else:
    _db.setdefault("OPTIONS", {})
    _db["OPTIONS"].setdefault(
        "pool",
        {
            "min_size": 1,
            "max_size": int(os.environ.get("CITYLOOP_DB_POOL", "24")),
            "timeout": 10,
        },
    )
    _db["OPTIONS"].setdefault("connect_timeout", 5)
    _db["CONN_MAX_AGE"] = 0
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["cityloop.city.accounts.backend.LimitedLogin"]
# How many proxies of ours stand before the server: whose X-Forwarded-For may be believed.
PROXIES = int(os.environ.get("CITYLOOP_PROXIES", "0"))
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "cityloop.city.accounts.passwords.OwnWords"},
    {"NAME": "cityloop.city.accounts.passwords.Breached"},
]
# A file of SHA-1 hashes (one a line, upper case, sorted; ":count" may follow) of leaked passwords.
BREACHED_PASSWORDS = os.environ.get("CITYLOOP_BREACHED_PASSWORDS", "")
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = int(os.environ.get("CITYLOOP_SESSION_HOURS", "12")) * 3600
# A log-in ends when unused so long: at desks, and in the field (grid workers, citizens).
SESSION_IDLE_MINUTES = int(os.environ.get("CITYLOOP_IDLE_MINUTES", "30"))
SESSION_IDLE_MINUTES_FIELD = int(os.environ.get("CITYLOOP_IDLE_MINUTES_FIELD", "480"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if flag("CITYLOOP_HTTPS"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000

# --- language, time -----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = os.environ.get("CITYLOOP_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_I18N = True

# --- files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [("front", FRONT)] if FRONT.is_dir() else []
WHITENOISE_USE_FINDERS = True
# What the build names by its content may be kept for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/front/assets/"
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = DATA / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if os.environ.get("CITYLOOP_S3_BUCKET"):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": os.environ["CITYLOOP_S3_BUCKET"],
            "endpoint_url": os.environ.get("CITYLOOP_S3_ENDPOINT") or None,
            "default_acl": "private",
            "file_overwrite": False,
        },
    }
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("CITYLOOP_LOG", "WARNING")},
}
