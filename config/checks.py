"""What an installation must not be started with. `prepare` runs these before anything is served."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from audits import robots

LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1", None, ""}
PLACEHOLDER = "change-me"


@register(Tags.security)
def broker_is_not_open(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    url = urlsplit(settings.CELERY_BROKER_URL)
    if url.scheme not in {"redis", "rediss"} or url.hostname in LOCAL or url.password:
        return []
    return [Error(f"REDIS_URL: no password for {url.hostname}", id="config.E001")]


@register(Tags.compatibility)
def robots_have_addresses(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(f"NOTICE_ROBOTS: no such channel behind “{name}”", id="config.E003")
        for name, url in settings.NOTICE_ROBOTS.items()
        if not robots.is_known(url)
    ]


@register(Tags.security)
def secrets_are_not_the_examples(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    """The example values may serve localhost, and nothing that others can reach."""
    if not set(settings.ALLOWED_HOSTS) - LOCAL:
        return []
    secrets = {
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": settings.DATABASES["default"].get("PASSWORD") or "",
        "REDIS_URL": urlsplit(settings.CELERY_BROKER_URL).password or "",
    }
    return [
        Error(f"{name}: still the example's value; see .env.example", id="config.E002")
        for name, secret in secrets.items()
        if PLACEHOLDER in secret
    ]
