"""All settings. The environment is read here and nowhere else; without it, everything is set for production."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from orgmodel import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.flag("DEBUG", default=False)
LOCAL_KEY = "only-for-trying-it-out-on-your-own-machine"
SECRET_KEY = env.text("SECRET_KEY", LOCAL_KEY if DEBUG else "")
# Older keys, while sessions, tokens and webhooks made under them go on.
SECRET_KEY_FALLBACKS = env.texts("SECRET_KEY_FALLBACKS")
# The key under which digests of tokens are kept; SECRET_KEY where there is none. Tokens from before go on.
TOKEN_PEPPER = env.text("TOKEN_PEPPER")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
# HTTPS=false is for a server behind a proxy that speaks HTTP to its users, inside one network.
HTTPS = env.flag("HTTPS", default=True)

if not DEBUG:
    if not SECRET_KEY or SECRET_KEY.startswith(LOCAL_KEY):
        raise ImproperlyConfigured(
            "Set SECRET_KEY to random text of 50 characters or more, or DEBUG=true to try it out."
        )
    env.check_random("SECRET_KEY", [SECRET_KEY])
    env.check_random("SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS)
    env.check_random("TOKEN_PEPPER", [TOKEN_PEPPER] if TOKEN_PEPPER else [])
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts this serves; “*” is refused.")

# What a drag on the live board does: start a draft, or change the live organization at once.
LIVE_EDITING = env.choice("LIVE_EDITING", ("draft", "direct"))

# For how many days a cursor of the change feed is good.
FEED_RETENTION_DAYS = env.number("FEED_RETENTION_DAYS", 365, least=90)

# Hosts that webhooks may go to although they are inside the network, such as “chat.internal”.
WEBHOOK_ALLOWED_HOSTS = env.hosts("WEBHOOK_ALLOWED_HOSTS")

# Networks of our own proxies: only they are believed about whom they forward, in X-Forwarded-For.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
# Requests per token in a minute, and at once (in five seconds); 0 in a minute: no limits at all.
API_RATE_LIMIT = (env.number("API_RATE_PER_MINUTE", 600), env.number("API_RATE_BURST", 100, least=1))
SCIM_RATE_LIMIT = (env.number("SCIM_RATE_PER_MINUTE", 3000), env.number("SCIM_RATE_BURST", 300, least=1))

INSTALLED_APPS = [
    "orgmodel",
    "orgmodel.access",
    "orgmodel.changes",
    "orgmodel.integrations",
    "orgmodel.webhooks",
    "orgmodel.scim",
    "orgmodel.findings",
    "orgmodel.exports",
    "orgmodel.language",
    "orgmodel.pages",
    "squads",
    "guilds",
    "orgmodel.access.apps.OrgAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "orgmodel.requests.RequestIdMiddleware",
    "orgmodel.language.middleware.LanguageMiddleware",  # before all that may refuse a request in words
    "django.middleware.security.SecurityMiddleware",
    "orgmodel.security.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "orgmodel.integrations.limits.RateLimitMiddleware",
    "orgmodel.integrations.leaks.TokenLeakMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "orgmodel.errors.ErrorPagesMiddleware",
    "orgmodel.access.middleware.LoginRequiredMiddleware",
    "orgmodel.changes.middleware.RealityMiddleware",
    "orgmodel.exports.middleware.FileMiddleware",
    "orgmodel.pages.seen.SeenMiddleware",
]

ROOT_URLCONF = "orgmodel.urls"
WSGI_APPLICATION = "orgmodel.wsgi.application"

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
                "orgmodel.chrome.chrome",
            ],
        },
    }
]

# What this installation makes for itself: the SQLite file, collected static files.
VAR_DIR = BASE_DIR / "var"

# An empty DATABASE_URL means a SQLite file beside the code.
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR}/orgmodel.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = (
    60  # opening a SQLite file for every request costs more than reading a user
)

AUTHENTICATION_BACKENDS = ["orgmodel.access.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "login"

# Texts are English in the code; orgmodel/locale holds the others. Readers choose, see orgmodel/language/.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("sv", "Svenska")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "orgmodel" / "locale"]
FORMAT_MODULE_PATH = "orgmodel.language.formats"
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
if DEBUG:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # in production `collectstatic` makes it
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "orgmodel.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "font-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
if not DEBUG:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
    SECURE_SSL_REDIRECT = HTTPS
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "orgmodel.integrations.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["orgmodel.integrations.permissions.RolePermission"],
    "DEFAULT_RENDERER_CLASSES": ["orgmodel.integrations.formats.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "orgmodel.integrations.formats.StrictJSONParser",
        "orgmodel.integrations.formats.MergePatchParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "orgmodel.integrations.schema.ResourceSchema",
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,  # `format` is a parameter of exports
    "EXCEPTION_HANDLER": "orgmodel.integrations.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "orgmodel",
    "DESCRIPTION": "An organization as squads, tribes, chapters and guilds: read it, change it, plan it.",
    "VERSION": "1.0.0",
    "CONTACT": {"name": "Whoever runs this installation"},
    "SERVERS": [{"url": "/", "description": "This installation"}],
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["orgmodel.integrations.permissions.MemberPermission"],
    "POSTPROCESSING_HOOKS": ["orgmodel.integrations.schema.complete"],
    "SECURITY": [{"token": []}],
    "APPEND_COMPONENTS": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

LOG_LEVELS = ("INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "orgmodel.redaction.NoTokensFormatter",
            "format": "{asctime} {levelname} {request_id} {name} {message}",
            "style": "{",
        },
    },
    "filters": {"request_id": {"()": "orgmodel.requests.RequestIdFilter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]},
    },
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", LOG_LEVELS)},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},  # it tells every step, and every style it does not need
        "fontTools": {"level": "WARNING"},
    },
}
