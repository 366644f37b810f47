import os
import socket
import sys
from argparse import ArgumentParser
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


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
    help = "Run the production server: database up to date, static files collected, then granian."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument(
            "--workers", type=int, default=1, help="processes; one is right for SQLite"
        )
        parser.add_argument(
            "--threads", type=int, default=4, help="requests that a process answers at once"
        )

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
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(f"Copytaster is at http://{host}:{options['port']}/ (Ctrl+C stops it)")
        self.stdout.flush()
        # The server takes this process's place: one process tree, and Django in memory only once.
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
        command += ["--host", host, "--port", str(options["port"])]
        command += ["--workers", str(options["workers"])]
        command += ["--blocking-threads", str(options["threads"])]
        command += ["--working-dir", str(settings.BASE_DIR), "--log-level", "warning"]
        command += ["--respawn-failed-workers", "config.wsgi:application"]
        os.execv(sys.executable, command)  # noqa: S606
