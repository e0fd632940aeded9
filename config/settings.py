"""Every setting, from the environment; what each variable means stands in .env.example."""

import secrets
from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF

from config.paths import broker_socket, private_text

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).absolute()
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "media"))).absolute()
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATIC_URL = "static/"

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)  # set by `make run` only: demonstration data and accounts
SECRET_KEY = env.str("SECRET_KEY", default="") or private_text(
    DATA_DIR / "secret-key", make=secrets.token_urlsafe(64)
)

# ---- HTTP ----

HTTPS = env.bool("HTTPS", default=False)  # the outside address is https:// behind our own proxy
NUM_PROXIES = env.int("NUM_PROXIES", default=0)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked inside the network, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # an inspector's long day
DESK_IDLE_SECONDS = env.int("DESK_IDLE_MINUTES", default=30) * 60  # bureau and administrators
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.pages.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# A photo may be 30 MB and is judged by its own view; everything else is small.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750

# ---- the parts ----

INSTALLED_APPS = [
    "config",
    "reports",
    "targets",
    "indicators",
    "audits",
    "checklists",
    "stations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.idle.DeskIdle",
    "config.middleware.NothingKept",
    "config.middleware.SamePerson",
    "config.first_password.FirstPassword",
    "config.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.context.look",
            ]
        },
    }
]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.statics.HashedFiles",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
STATICFILES_FINDERS = ["config.statics.UsedApps", "config.statics.Swagger"]

# A second copy of the photos (manage.py mirror); the first is always MEDIA_ROOT.
S3 = {
    "endpoint": env.str("S3_ENDPOINT", default=""),
    "bucket": env.str("S3_BUCKET", default="evidence"),
    "access_key": env.str("S3_ACCESS_KEY", default=""),
    "secret_key": env.str("S3_SECRET_KEY", default=""),
}

# ---- data ----

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/db.sqlite3")}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Anything but IMMEDIATE loses nine writers in ten to "database is locked" under load.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": ("PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"),
    }
else:
    # Prepared is what `stations.lookups` asks to have prepared, nothing by itself. Behind a pooler
    # by transaction: DATABASE_POOLED.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "prepare_threshold": None if env.bool("DATABASE_POOLED", default=False) else 2**31,
        **DATABASES["default"].get("OPTIONS", {}),
    }

# Per process on purpose: throttles must not hang when the broker does, and the lockout,
# which is the security control, is in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# ---- people ----

AUTH_USER_MODEL = "stations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# "dengbao" (等保 level 2) or "asvs": the two contradict each other (stations/passwords.py).
PASSWORD_PACK = env.str("PASSWORD_PACK", default="dengbao")
PASSWORD_DAYS = 90 if PASSWORD_PACK == "dengbao" else 0  # 0: a password does not wear out
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "stations.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if PASSWORD_PACK == "dengbao":
    AUTH_PASSWORD_VALIDATORS += [
        {"NAME": "stations.passwords.MixedCharacters"},
        {"NAME": "stations.passwords.NotUsedBefore"},
    ]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # one office address is many people
AXES_CLIENT_IP_CALLABLE = "stations.clients.client_ip"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "config.pages.locked_out"
AXES_VERBOSE = False

# ---- API ----

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "stations.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["stations.api.parsing.Json"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "config.api.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min", "user": "1800/min"},
    "NUM_PROXIES": NUM_PROXIES,
    "EXCEPTION_HANDLER": "config.problems.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=7),
    "TOKEN_LIMIT_PER_USER": None,
    "AUTO_REFRESH": False,
    "AUTH_HEADER_PREFIX": "Token",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "服务站标准化检查",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "StationKind": "stations.models.Station.Kind",
        "LineageKind": "stations.models.StationLink.Kind",
        "VersionStatus": "checklists.models.ChecklistVersion.Status",
        "FindingStatus": "audits.models.Finding.Status",
        "Severity": "audits.models.Finding.Severity",
        "ReportKind": "reports.models.Report.Kind",
        "ActivityKind": "targets.models.Activity.Kind",
        "CommendationKind": "targets.models.Commendation.Kind",
        "PointsKind": "targets.models.PointsEntry.Kind",
        "EffectBand": "indicators.api.effect.BANDS",
        "TargetBand": "targets.api.table.BANDS",
    },
}

# ---- mail ----

# smtp+tls://user:password@host:587; without it 我的通知 is the only channel.
EMAIL_URL = env.str("EMAIL_URL", default="")
NOTICE_MAIL = bool(EMAIL_URL)
vars().update(env.email_url_config(EMAIL_URL or "dummymail://"))
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="webmaster@localhost")

# One line a day into group chats: wecom=wecombot://KEY,dingtalk=dingtalk://SECRET@TOKEN,
# feishu=feishu://TOKEN; the names are ours, the addresses Apprise's.
NOTICE_ROBOTS = env.dict("NOTICE_ROBOTS", default={})

# ---- words and clock ----

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# ---- rules the bureau may set; the value in force is printed beside every figure ----

FINDING_DUE_DAYS = {  # 整改期限, calendar days by severity, moved to the next working day
    "normal": env.int("DUE_DAYS_NORMAL", default=30),
    "serious": env.int("DUE_DAYS_SERIOUS", default=15),
    "critical": env.int("DUE_DAYS_CRITICAL", default=7),
}
EFFECT_LOWER = env.int("EFFECT_LOWER", default=70)  # 完成70-80%以上问题: the two lines, in percent
EFFECT_UPPER = env.int("EFFECT_UPPER", default=80)
EFFECT_TARGET_MODE = env.str("EFFECT_TARGET_MODE", default="upper")  # which one is the target
REPORT_DAYS = env.int("REPORT_DAYS", default=7)  # how long a finished paper can be fetched
POINTS_PER_HOUR = env.int("POINTS_PER_HOUR", default=10)  # 积分 for an hour of volunteer service
# Survey codes handed out in an hour: to one station's poster, and to one caller's address.
SURVEY_STATION_HOURLY = env.int("SURVEY_STATION_HOURLY", default=120)
SURVEY_CALLER_HOURLY = env.int("SURVEY_CALLER_HOURLY", default=40)

# ---- later work ----

REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{broker_socket(DATA_DIR)}"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # A dead or hung broker may cost a request half a second, once: the outbox sweep finishes
    # the work. Workers and scheduler reconnect by rules of their own.
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60  # a busy machine may take long to fork
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# With REMAP_SIGTERM=SIGQUIT: running tasks get three seconds, then go back to the queue.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 3.0
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300  # below the visibility timeout, or the task would run twice
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "config.beat:LeasedScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    name: {
        "task": task,
        "schedule": rhythm,
        # A missed beat is made up by the next one; a night's work waits for a busy worker.
        "options": {"expires": 60 if isinstance(rhythm, timedelta) else 4 * 3600},
    }
    for name, task, rhythm in (
        ("heartbeat", "config.tasks.heartbeat", timedelta(seconds=15)),
        ("sweep", "audits.sweep", timedelta(seconds=20)),
        ("seal-history", "audits.seal_history", timedelta(seconds=30)),
        # Again through the working day: what the morning missed is told, what was told is not.
        ("remind", "audits.remind", crontab(hour="8-18", minute="40")),
        ("reopen-lapsed", "audits.reopen_lapsed", crontab(minute="1")),
        ("rebuild-rollups", "indicators.rebuild", crontab(hour="0", minute="5")),
        ("snapshots", "indicators.snapshots", crontab(hour="0", minute="15")),
        ("reconcile", "indicators.reconcile", crontab(hour="3", minute="30")),
        ("purge-outbox", "audits.purge_outbox", crontab(hour="3", minute="10")),
        ("expire-reports", "reports.expire", crontab(minute="40")),
        ("purge-survey-tokens", "targets.purge_tokens", crontab(hour="3", minute="15")),
        ("clear-sessions", "config.tasks.clear_sessions", crontab(hour="3", minute="20")),
    )
}

# ---- log ----

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
