import os
import tempfile
from pathlib import Path

os.environ.setdefault("COPYTASTER_SECRET_KEY", "only for tests")

from config.settings import *  # noqa: F403
from config.settings import DATABASES, STORAGES

# A file, because an in-memory database and a live server do not go well together; its own for each
# process, so that two runs at once do not meet.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {
        "NAME": Path(tempfile.gettempdir()) / f"copytaster-test-{os.getpid()}.sqlite3"
    }
    # Tests need no power-cut safety, and run a third faster without it.
    DATABASES["default"]["OPTIONS"] = DATABASES["default"]["OPTIONS"] | {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    }
    # A test's threads end with it, and so must their connections.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# What a test needs done is done when it is enqueued.
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
