"""Settings of a server that a test starts: the real ones, with what makes only the start slow left out."""

import os

os.environ.setdefault("COPYTASTER_SECRET_KEY", "only for tests")

from config.settings import *  # noqa: F403
from config.settings import DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    # Joined and under hashed names as served, not compressed.
    "staticfiles": {"BACKEND": "config.storage.JoinedFiles"}
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] |= {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    }
    DATABASES["default"]["OPTIONS"]["timeout"] = 4
ROOT_URLCONF = "tests.serving.urls"
