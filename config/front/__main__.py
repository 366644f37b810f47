"""Starts the server's processes: `python -m config.front`, which `manage.py serve` becomes."""

import resource
import time
from argparse import ArgumentParser
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from .patience import SLOW

CONNECTIONS = 4096
FILES_NEEDED = 2 * CONNECTIONS


def main() -> None:
    """Serve until a signal comes."""
    parser = ArgumentParser(prog="python -m config.front")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--memory", type=int, default=0)
    parser.add_argument("--words", default="Copytaster is at {address} (Ctrl+C stops it)")
    options = parser.parse_args()
    allow_connections()
    server = Granian(
        "config.front.application:application",
        address=options.host,
        port=options.port,
        workers=options.workers,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=int(SLOW * 1000)),
        websockets=False,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_max_rss=options.memory or None,
        workers_kill_timeout=30,
        working_dir=Path(__file__).resolve().parent.parent.parent,
    )
    server.on_startup(lambda: announce(options.host, options.port, options.words))
    server.serve()


def allow_connections() -> None:
    """A connection is a file, of which a process has few unless it asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_NEEDED if hard == resource.RLIM_INFINITY else min(FILES_NEEDED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def announce(host: str, port: int, words: str) -> None:
    """Say where the site is, as soon as it answers there."""
    Thread(target=_announce, args=(host, port, words), daemon=True).start()


def _announce(host: str, port: int, words: str) -> None:
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    while not _answers(asked, port):
        time.sleep(0.05)
    shown = f"[{host}]" if ":" in host else host
    print(words.replace("{address}", f"http://{shown}:{port}/"), flush=True)


def _answers(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("HEAD", "/static/img/icon.svg")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


if __name__ == "__main__":
    main()
