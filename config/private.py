"""The data folder and its files are their owner's alone, whatever the umask says."""

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private_folder(path: Path) -> None:
    """Make the folder with mode 0700; take an existing one, and the files in it, from others.

    Where that is not ours to do, say so and go on: it may be a mount.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Static files are public, and read by a web server perhaps.
        files = [entry for entry in path.iterdir() if entry.is_file() and not entry.is_symlink()]
    except OSError as error:
        _say(f"The data folder {path} cannot be used: {error.strerror}.")
        return
    _close(path, 0o700)
    for file in files:
        _close(file, 0o600)


def private_file(path: Path) -> None:
    """Make the file, empty and with mode 0600, where there is none; SQLite's own would be 0644.

    What SQLite puts beside it (-wal, -shm) takes its mode.
    """
    with suppress(OSError):  # whoever opens it next says what is wrong
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
    for each in (path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))):
        _close(each, 0o600)


def _close(path: Path, mode: int) -> None:
    try:
        found = path.stat().st_mode
        if not found & OTHERS:
            return
        if path.is_dir() and (found & stat.S_ISVTX or path.parent == path):
            _say(f"{path} is everybody's. Keep the data in a folder of its own.")
        else:
            path.chmod(mode)
    except FileNotFoundError:
        pass
    except OSError as error:
        _say(
            f"Other accounts of this machine may read {path}, and that could not be changed: "
            f"{error.strerror}. Its owner can, with chmod {mode:o}."
        )


def _say(words: str) -> None:
    print(words, file=sys.stderr)
