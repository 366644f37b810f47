from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from corpus.jobs.beside import work_until_told
from corpus.jobs.worker import LIMIT, MEMORY, Worker
from corpus.keeping.hourly import look_after


class Command(BaseCommand):
    help = (
        "Do what waits in the background, until a signal comes. `manage.py serve` has a worker of its "
        "own; this is for one beside `serve --no-worker`, on this machine or another."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits now, then stop")
        parser.add_argument(
            "--memory", type=int, default=MEMORY, help="megabytes that a task may take; 0 for any"
        )
        parser.add_argument(
            "--limit", type=float, default=LIMIT, help="seconds that a task may take"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(catch_up=look_after, memory=options["memory"], limit=options["limit"])
        if options["once"]:
            worker.run_once()
        else:
            work_until_told(worker)
