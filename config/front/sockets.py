"""What the kernel does with connections whose other end does not read."""

import os
import socket
import stat
from pathlib import Path

from .patience import UNREAD

BUFFER = 256 * 1024


def _prepare(listener: int) -> None:
    with socket.socket(fileno=os.dup(listener)) as listening:
        # Connections inherit it. The loop gives up on slow readers by itself, but cannot close
        # what the server has already been given: the kernel does, once nothing of it moves.
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            timeout = int(UNREAD * 1000)
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, timeout)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)


def let_go_of_who_does_not_read() -> bool:
    """Prepare the sockets that this process listens on; whether there were any."""
    found = [descriptor for descriptor in _descriptors() if _listens(descriptor)]
    for descriptor in found:
        _prepare(descriptor)
    return bool(found)


def _descriptors() -> list[int]:
    names = Path("/dev/fd").iterdir() if Path("/dev/fd").is_dir() else []
    return [int(entry.name) for entry in names if entry.name.isdecimal()]


def _listens(descriptor: int) -> bool:
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return False
        with socket.socket(fileno=os.dup(descriptor)) as one:
            return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:
        return False
