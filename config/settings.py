"""The only settings file. Everything that differs between deployments is an environment variable; README.md lists
them."""

import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from config.embedded_postgres.server import socket_directory
from config.environment import upload_settings, variables as env
from config.server import request_bodies
from config.web import log_format

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = env.choice("BELFRY_ENV", ("development", "production"), "development") == "production"
DEVELOPMENT = not PRODUCTION
# Django's debug pages and template reloading, for developers; everyone else sees Belfry's pages.
DEBUG = env.yes("BELFRY_DEBUG", default=False)
DATA_DIR = Path(env.text("DATA_DIR", str(ROOT / "var"))).resolve()

# --- The community ---------------------------------------------------------------------------------------
COMMUNITY_NAME = env.text("BELFRY_NAME", "Belfry")
TIME_ZONE = env.time_zone("BELFRY_TIME_ZONE", "America/New_York")
SITE_URL = env.text(
    "BELFRY_SITE_URL", f"http://localhost:{env.number('PORT', 8000, minimum=1, maximum=65535)}"
).rstrip("/")
READ_ONLY = env.yes("BELFRY_READ_ONLY", default=False)
# Multiplies every time limit of a request: for machines so slow that good requests would be given up.
DEADLINE_FACTOR = env.number("BELFRY_DEADLINE_FACTOR", 1, minimum=1, maximum=100)
ADDRESS_DAYS = env.number("BELFRY_ADDRESS_DAYS", 30, minimum=0, maximum=365)
STAFF_NEED_SECOND_FACTOR = env.yes("BELFRY_STAFF_SECOND_FACTOR", default=False)

# --- Secrets and addresses -------------------------------------------------------------------------------
WEAK_SECRET = "development-only-" + "0" * 33  # noqa: S105 - refused in production by a start-up check
SECRET_KEY = env.text("BELFRY_SECRET_KEY", secrets.token_urlsafe(50) if PRODUCTION else WEAK_SECRET)
if PRODUCTION and not env.text("BELFRY_SECRET_KEY"):
    raise ImproperlyConfigured("BELFRY_SECRET_KEY is missing; use 50 or more random characters")
ALLOWED_HOSTS = env.words("BELFRY_HOSTS", "" if PRODUCTION else "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

# --- Database --------------------------------------------------------------------------------------------
# If DATABASE_URL is not set, Belfry uses its embedded PostgreSQL; config/embedded_postgres/server.py starts it.
DATABASE_URL = env.text("DATABASE_URL")
POSTGRES_DIR = DATA_DIR / "postgres"
EMBEDDED = {
    "NAME": "belfry",
    "USER": "belfry",
    "HOST": str(socket_directory(POSTGRES_DIR)),
}
SERVER: dict[str, Any] = {**(dj_database_url.parse(DATABASE_URL) if DATABASE_URL else EMBEDDED)}
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **SERVER,
        "ENGINE": "config.database",  # PostgreSQL with a limit on every wait: config/database/request_deadline.py
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            **SERVER.get("OPTIONS", {}),  # the query part of the URL: host, sslmode ...
            "connect_timeout": 2 * DEADLINE_FACTOR,
            # Statements are sent apart from their parameters, and planned once per connection (decision 035).
            "server_side_binding": True,
            "prepare_threshold": 5,
            # Web requests have further limits (config/database/base.py).
            "options": f"-c lock_timeout={3_000 * DEADLINE_FACTOR}"
            f" -c idle_in_transaction_session_timeout={10_000 * DEADLINE_FACTOR}",
            "tcp_user_timeout": 10_000 * DEADLINE_FACTOR,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Only for rate limits of sign-in and sign-up: all workers must count in the same place.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # When it is full, a third of it is deleted, including counts of failed sign-ins.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Apps and middleware ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "moderation",
    "forum",
    "notifications",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's two-factor pages need its filters
    "django.contrib.postgres",
]
FORM_RENDERER = "config.web.form_renderer.Renderer"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.web.middleware.headers",
    "config.web.compression.compress",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.web.middleware.known_methods",
    "config.web.middleware.refuse_malformed",
    "config.web.session_middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.availability.outage.refuse_writing",  # here: its page needs the CSRF token, but not the user
    "accounts.auth.middleware.current_member",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.auth.middleware.ResponseStatusMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.auth.middleware.time_zone",
    "accounts.auth.middleware.require_second_factor",
    "accounts.auth.middleware.SuspensionMiddleware",
    "forum.web.error_pages.ActionErrorMiddleware",  # next to the views: it handles the errors that they raise
]
ROOT_URLCONF = "config.urls"
CSRF_FAILURE_VIEW = "config.availability.error_pages.csrf_failure"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.web.context_processors.community",
            ],
        },
    }
]

# --- Submissions -----------------------------------------------------------------------------------------
# A function that checks what new members post: forum/antispam/external_check.py.
TEXT_CHECK = env.text("BELFRY_TEXT_CHECK")
# A form filled in faster must be sent again: sign-up, and a new member's post.
SECONDS_TO_SIGN_UP, SECONDS_TO_POST = 2, 3

# --- People: allauth -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.auth.backends.NameOrEmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.auth.allauth_adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # seconds, as for the code at sign-up: mail may be slow
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_FORMS = {
    "login": "accounts.auth.sign_in_forms.LoginForm",
    "signup": "accounts.auth.sign_in_forms.SignupForm",
    "confirm_email_verification_code": "accounts.auth.sign_in_forms.ConfirmEmailForm",
    "reset_password": "accounts.auth.password_reset_forms.RequestResetForm",
    "confirm_password_reset_code": "accounts.auth.password_reset_forms.ConfirmResetForm",
    "reset_password_from_key": "accounts.auth.password_reset_forms.NewPasswordForm",
    "reauthenticate": "accounts.auth.security_forms.ReauthenticateForm",
    "change_password": "accounts.auth.security_forms.ChangePasswordForm",
    "set_password": "accounts.auth.security_forms.SetPasswordForm",
    "add_email": "accounts.auth.security_forms.ChangeEmailForm",
}
ACCOUNT_RATE_LIMITS = {  # in addition to allauth's own; the last of each limits the mail to one address per day
    "confirm_email": "1/10s/key,10/d/key",
    "reset_password": "20/m/ip,5/m/key,10/d/key",
    # From one network to one address: strangers cannot use up an address's mail for the day.
    "reset_from_network": "5/d/key",
    "signed_up": "50/d/ip",  # Belfry's: accounts; "signup" counts forms
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("BELFRY_TRUSTED_PROXIES", 0, minimum=0, maximum=9)
MFA_ADAPTER = "accounts.auth.second_factors.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.auth.security_forms.SecondFactorForm",
    "reauthenticate": "accounts.auth.security_forms.SecondFactorReauthenticateForm",
    "authenticate_webauthn": "accounts.auth.security_forms.SecurityKeyForm",
    "reauthenticate_webauthn": "accounts.auth.security_forms.SecurityKeyReauthenticateForm",
    "login_webauthn": "accounts.auth.security_forms.PasskeyLoginForm",
    "activate_totp": "accounts.auth.security_forms.AuthenticatorAppForm",
    "add_webauthn": "accounts.auth.security_forms.AddKeyForm",
    "edit_webauthn": "accounts.auth.security_forms.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT
MFA_TOTP_ISSUER = COMMUNITY_NAME

# --- Mail ------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_TIMEOUT = 10 * DEADLINE_FACTOR  # seconds; otherwise an unresponsive mail server blocks a page forever
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("BELFRY_MAIL_FROM", f"{COMMUNITY_NAME} <noreply@localhost>")
if env.text("BELFRY_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.text("BELFRY_SMTP_HOST")
    EMAIL_PORT = env.number("BELFRY_SMTP_PORT", 587, minimum=1, maximum=65535)
    EMAIL_HOST_USER = env.text("BELFRY_SMTP_USER")
    EMAIL_HOST_PASSWORD = env.text("BELFRY_SMTP_PASSWORD")
    SMTP_SECURITY = env.choice("BELFRY_SMTP_SECURITY", ("starttls", "tls", "none"), "starttls")
    EMAIL_USE_TLS, EMAIL_USE_SSL = SMTP_SECURITY == "starttls", SMTP_SECURITY == "tls"

# --- Pages, time, bounds ---------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]  # strings are marked for translation; another language only needs a catalog
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": upload_settings.storage(DATA_DIR, stretch=DEADLINE_FACTOR),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "config.web.static_files.JoinedStaticFilesStorage"
    },
}
STATICFILES_FINDERS = [
    "config.web.joined_files.JoinedFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEVELOPMENT
# The frame around a topic's posts; forum/ shows it and cannot import it.
SURROUNDINGS = "config.web.context_processors.surroundings"
MEMBER_REPORTS = "moderation.reports.reported_marks"
# The URLs to which accounts/ links and which belong to forum/.
MEMBER_PAGE = "forum:member"
MEMBER_SUGGESTIONS = "forum:suggest_members"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

BODY_PACE = request_bodies.Pace().stretched(DEADLINE_FACTOR)  # how slowly a form or a file may arrive

# --- Attachments -----------------------------------------------------------------------------------------
ATTACHMENT_BYTES = upload_settings.megabytes() * 1_000_000
UPLOAD_BYTES = 2 * ATTACHMENT_BYTES + 1_000_000  # in one request: several files, and the text being written
ATTACHMENTS_A_DAY = upload_settings.megabytes_a_day() * 1_000_000  # bytes per member
ATTACHMENT_TYPES = upload_settings.types()  # besides pictures

# Whole public pages, cached in front of Django: bytes per process, and bytes in DATA_DIR/pages for all processes.
PAGES_IN_MEMORY = 64 * 2**20
PAGES_ON_DISK = 512 * 2**20

# --- Browser security ------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = False  # the proxy in front does this; Belfry only talks to the proxy
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "accounts.auth.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
# With this prefix browsers accept a cookie only from this host over HTTPS: no sibling domain can set it.
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
KNOWN_DEVICE_COOKIE = f"{COOKIE_PREFIX}known"
THEME_COOKIE_NAME = f"{COOKIE_PREFIX}theme"
MESSAGES_COOKIE_NAME = f"{COOKIE_PREFIX}messages"
MESSAGE_STORAGE = "config.web.message_storage.MessageStorage"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # names are unique by their key, which ignores case and look-alikes
    "security.W002",  # config.web.middleware.headers sends X-Frame-Options, also on error pages
    "security.W008",  # the proxy redirects to HTTPS (README, "Reverse proxy")
]
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Log -------------------------------------------------------------------------------------------------
LOGGING = log_format.settings(production=PRODUCTION)
