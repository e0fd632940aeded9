"""The real settings, with what a test run needs: its own data, its own database, quick hashes."""

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - fsync costs nothing there; elsewhere the usual place
SCRATCH = Path(
    tempfile.mkdtemp(
        prefix="station-audits-tests-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None
    )
)
os.environ |= {"DATA_DIR": str(SCRATCH / "data"), "MEDIA_ROOT": str(SCRATCH / "media")}
os.environ |= {"SECRET_KEY": "only-for-tests", "REDIS_URL": "", "DEMO": "", "HTTPS": ""}
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or (
    f"sqlite:///{SCRATCH / 'data' / 'db.sqlite3'}"
)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, REST_FRAMEWORK, STORAGES  # noqa: E402

DATA_DIR = SCRATCH / "data"
MEDIA_ROOT = SCRATCH / "media"
for place in (DATA_DIR / "static", MEDIA_ROOT):
    place.mkdir(parents=True, exist_ok=True)

IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if IS_SQLITE:
    # A file, not memory: threads and processes must see the same rows under the same locks.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "data" / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
# Throttles count per process and would spill from test to test; their own test turns them on.
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_CLASSES": []}
CELERY_BROKER_URL = "memory://"
ALLOWED_HOSTS = ["*"]
