import os
import socket
import sys
from argparse import SUPPRESS, ArgumentParser
from functools import partial
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from corpus.jobs.beside import Pause, keep_at_work, keep_beside
from corpus.jobs.worker import Worker
from corpus.keeping.hourly import look_after
from corpus.keeping.nightly import keep_going
from corpus.starting import bring_database_up_to_date, collect_static_files, one_at_a_time

WORDS = "Copytaster is at {address} (Ctrl+C stops it)"
MOST_WORKERS = 4
MEMORY = 1536
MINUTE = 60.0


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


class Command(BaseCommand):
    help = "Run the server: database up to date, static files collected, then as many processes as cores."

    # They ask the database, which another first start may just be making: see handle.
    requires_system_checks: tuple[str, ...] = ()

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
            help="megabytes after which a process makes room for a fresh one, and that a task may take; "
            "0 for any",
        )
        parser.add_argument(
            "--backups",
            type=int,
            default=int(os.environ.get("COPYTASTER_BACKUPS") or 0),
            metavar="N",
            help="make a backup every night and keep the last N; 0 for none",
        )
        parser.add_argument(
            "--no-worker",
            action="store_false",
            dest="worker",
            help="do no background work here; `manage.py worker` does it",
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
            if not options.get("skip_checks"):
                self.check()
            bring_database_up_to_date(self.say)
            collect_static_files(self.say)
        if options["backups"] > 0:
            keep_beside(partial(self.keep_backups, options["backups"]))
        if options["worker"]:
            worker = Worker(catch_up=look_after, memory=options["memory"])
            keep_beside(partial(keep_at_work, worker))
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

    def keep_backups(self, keep: int, pause: Pause) -> None:
        keep_going(keep, pause=lambda: pause(MINUTE), say=self.say)

    def say(self, words: str) -> None:
        """Say what is being done, at once."""
        self.stdout.write(words)
        self.stdout.flush()
