import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection


def values(names: list[str], **environment: str) -> list[str]:
    """Settings as a fresh process sees them under another environment."""
    code = f"from config import settings as s; print(*[repr(getattr(s, n)) for n in {names}], sep='\\n')"
    kept = {"PATH": os.environ["PATH"], "DATA_DIR": os.environ["DATA_DIR"], "SECRET_KEY": "x"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=kept | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_debug_and_demonstration_are_off_unless_asked_for():
    assert values(["DEBUG", "DEMO"]) == ["False", "False"]


def test_https_secures_cookies_redirect_and_hsts():
    names = [
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
    ]

    secured = values(names, HTTPS="1")

    assert secured == [
        "True",
        "31536000",
        "True",
        "True",
        "'__Host-sessionid'",
        "'__Host-csrftoken'",
    ]


def test_sqlite_takes_the_write_lock_first_and_keeps_what_it_acknowledged():
    (database,) = values(["DATABASES"])

    assert "'transaction_mode': 'IMMEDIATE'" in database
    assert "'timeout': 20" in database


@pytest.mark.django_db
def test_sqlite_pragmas_hold_at_run_time():
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")

    with connection.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 20_000,
    }


def test_postgresql_connections_are_kept_and_checked():
    (database,) = values(["DATABASES"], DATABASE_URL="postgresql://u:p@db/audits")

    assert "'ENGINE': 'django.db.backends.postgresql'" in database
    assert "'CONN_HEALTH_CHECKS': True" in database
    assert "'CONN_MAX_AGE': 60" in database


def test_api_is_closed_by_default():
    rest = settings.REST_FRAMEWORK

    assert rest["DEFAULT_PERMISSION_CLASSES"] == ["rest_framework.permissions.IsAuthenticated"]
    assert rest["DEFAULT_RENDERER_CLASSES"] == ["rest_framework.renderers.JSONRenderer"]
    assert rest["DEFAULT_PAGINATION_CLASS"]
    assert rest["NUM_PROXIES"] == 0


def test_throttles_are_set_and_leave_a_signed_in_user_600_writes_a_minute():
    (rest,) = values(["REST_FRAMEWORK"])

    assert "UserRateThrottle" in rest
    count, per = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["user"].split("/")
    assert per == "min"
    assert int(count) >= 600


def test_uploads_are_limited_and_not_world_readable():
    assert settings.FILE_UPLOAD_PERMISSIONS == 0o640
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE <= 4 * 1024 * 1024
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES <= 5


def test_celery_speaks_json_and_gives_unfinished_work_back():
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_SERIALIZER == "json"
    assert settings.CELERY_TASK_ACKS_LATE is True
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST is True
    assert settings.CELERY_RESULT_BACKEND is None
    limit = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert limit > settings.CELERY_TASK_TIME_LIMIT > settings.CELERY_TASK_SOFT_TIME_LIMIT


def test_content_security_policy_allows_no_inline_code_or_style():
    rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert rules["default-src"] == ["'none'"]
    assert rules["style-src"] == ["'self'"]
    assert not [value for values in rules.values() for value in values if "unsafe" in str(value)]


def test_secret_key_is_made_once_and_kept_private(tmp_path):
    place = {"DATA_DIR": str(tmp_path), "SECRET_KEY": ""}

    first, second = values(["SECRET_KEY"], **place), values(["SECRET_KEY"], **place)

    assert first == second
    assert len(first[0]) > 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_the_example_s_empty_lines_mean_the_app_alone():
    names = ["NOTICE_MAIL", "NOTICE_ROBOTS", "PASSWORD_PACK", "DESK_IDLE_SECONDS"]
    example = (settings.BASE_DIR / ".env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in example if line[:1].isalpha())
    given = {name: given[name] for name in
             ("EMAIL_URL", "MAIL_FROM", "NOTICE_ROBOTS", "PASSWORD_PACK", "DESK_IDLE_MINUTES")}  # fmt: skip

    assert values(names, **given) == ["False", "{}", "'dengbao'", "1800"]


def test_the_other_password_pack_drops_what_asvs_forbids():
    plain, days = values(["AUTH_PASSWORD_VALIDATORS", "PASSWORD_DAYS"], PASSWORD_PACK="asvs")

    assert ("MixedCharacters" in plain, days) == (False, "0")
