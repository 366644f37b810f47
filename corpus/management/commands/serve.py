import os
import socket
import sys
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable
from ipaddress import ip_address
from select import select
from signal import SIG_IGN, SIGINT, signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from corpus.keeping.nightly import keep_going
from corpus.starting import bring_database_up_to_date, collect_static_files, one_at_a_time

WORDS = "Copytaster is at {address} (Ctrl+C stops it)"
MOST_WORKERS = 4
MEMORY = 1536
MINUTE = 60


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_taken(host: str, port: int) -> bool:
    """Whether something answers there. The server would share the port with it without a word."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def keep_backups(keep: int, say: Callable[[str], None]) -> None:
    """Make the nightly backups in a process beside this one, for as long as this one lives."""
    connections.close_all()
    ended, alive = os.pipe()
    if os.fork():
        # The server takes the open end along, and whatever ends it closes it.
        os.close(ended)
        os.set_inheritable(alive, True)
        return
    os.close(alive)
    signal(SIGINT, SIG_IGN)
    keep_going(keep, pause=lambda: not select([ended], [], [], MINUTE)[0], say=say)
    os._exit(0)


class Command(BaseCommand):
    help = "Run the server: database up to date, static files collected, then as many processes as cores."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument(
            "--workers",
            type=int,
            default=min(os.process_cpu_count() or 1, MOST_WORKERS),
            help=f"processes; one for each core, up to {MOST_WORKERS}, unless you say otherwise",
        )
        parser.add_argument(
            "--threads", type=int, default=6, help="requests that a process answers at once"
        )
        parser.add_argument(
            "--memory",
            type=int,
            default=MEMORY,
            help="megabytes after which a process makes room for a fresh one; 0 for never",
        )
        parser.add_argument(
            "--backups",
            type=int,
            default=int(os.environ.get("COPYTASTER_BACKUPS") or 0),
            metavar="N",
            help="make a backup every night and keep the last N; 0 for none",
        )
        parser.add_argument("--words", default=WORDS, help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        host = options["host"]
        if settings.LOCAL_USER and not is_loopback(host):
            raise CommandError(
                "COPYTASTER_LOCAL_USER signs a person in without a password, so it is served on "
                f"the loopback interface only, never on {host}. Unset it or leave --host out."
            )
        if is_taken(host, options["port"]):
            raise CommandError(
                f"Something is served at http://{host}:{options['port']}/ already. Stop it, or "
                "choose another --port."
            )
        with one_at_a_time():
            bring_database_up_to_date(self.say)
            collect_static_files(self.say)
        if options["backups"] > 0:
            keep_backups(options["backups"], self.say)
        self.say("Starting the server ...")
        os.environ["COPYTASTER_THREADS"] = str(max(2, options["threads"]))
        # The server takes this process's place: one process tree, and Django in memory only once.
        command = [sys.executable, "-m", "config.front"]
        command += ["--host", host, "--port", str(options["port"])]
        command += ["--workers", str(options["workers"])]
        command += ["--memory", str(options["memory"])]
        command += ["--words", options["words"]]
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, command)  # noqa: S606

    def say(self, words: str) -> None:
        """Say what is being done, at once."""
        self.stdout.write(words)
        self.stdout.flush()
