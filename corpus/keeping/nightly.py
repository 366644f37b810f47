"""A backup every night, and the last few of them kept."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from itertools import islice
from pathlib import Path

from django.utils import timezone

from .copies import Copy, back_up, backups_folder, ending
from .errors import KeepingError

AT = time(3)  # in the installation's time zone, when most people sleep
_NAME = re.compile(r"nightly-\d{4}-\d\d-\d\d\.\w+")


def due(now: datetime, folder: Path) -> Path | None:
    """The file that the backup of the last night should have, None where it is there.

    A machine that slept at three makes up for it as soon as it is awake.
    """
    night = now.date() if now.time() >= AT else now.date() - timedelta(days=1)
    target = folder / f"nightly-{night:%Y-%m-%d}{ending()}"
    return None if target.exists() else target


def keep_nightly(keep: int) -> Copy | None:
    """Make the last night's backup unless it is there, and drop those before the last `keep`.

    An older one goes only when the new one is made and verified. Raises KeepingError.
    """
    folder = backups_folder()
    target = due(timezone.localtime(), folder)
    if target is None:
        return None
    copy = back_up(target)
    for old in islice(_newest_first(folder), keep, None):
        old.unlink(missing_ok=True)
    return copy


def keep_going(keep: int, *, pause: Callable[[], bool], say: Callable[[str], None]) -> None:
    """Keep nightly backups until `pause`, which waits a little, says that it is over."""
    said = ""
    while True:
        try:
            if copy := keep_nightly(keep):
                say(f"Backup of the night: {copy.path} ({copy}).")
            said = ""
        except KeepingError as error:
            if str(error) != said:
                say(f"No backup of the night: {error}")
            said = str(error)
        if not pause():
            return


def _newest_first(folder: Path) -> Iterator[Path]:
    found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    return iter(sorted(found, reverse=True))
