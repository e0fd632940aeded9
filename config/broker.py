"""The Redis-speaking broker behind a Celery URL, asked directly and never for long."""

from pathlib import Path
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def socket_of(url: str) -> Path:
    return Path(urlsplit(url).path)


def client(url: str, *, timeout: float = 0.5) -> redis.Redis:
    """`redis://…`, `rediss://…` or Celery's `redis+socket:///path`, without any retry."""
    if url.startswith("redis+socket://"):
        url = f"unix://{socket_of(url)}"
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
    )


def answers(url: str, *, timeout: float = 0.5) -> bool:
    try:
        with client(url, timeout=timeout) as broker:
            return bool(broker.ping())
    except (redis.RedisError, OSError):
        return False
