import hashlib
import json
import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from corpus.keeping.copies import back_up
from corpus.keeping.errors import KeepingError
from corpus.keeping.nightly import keep_going

_LOOK_AGAIN = 30  # seconds


class Command(BaseCommand):
    help = (
        "Copy the whole database to a file, while the server runs, and verify the copy. A folder "
        "gets a file named after this moment."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="the file to write, or a folder")
        parser.add_argument("--json", action="store_true", help="say what was written as JSON")
        parser.add_argument(
            "--nightly",
            type=int,
            metavar="N",
            help="stay, make a backup every night in the data folder, and keep the last N",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["nightly"] is not None:
            self.stay(options["nightly"])
            return
        if options["file"] is None:
            raise CommandError("Name the file to write, or a folder: manage.py backup FILE")
        try:
            copy = back_up(options["file"])
        except KeepingError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            with copy.path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            told = {
                "file": str(copy.path),
                "bytes": copy.size,
                "sha256": digest,
                "database": connection.vendor,
                "documents": copy.documents,
                "annotations": copy.annotations,
            }
            self.stdout.write(json.dumps(told, indent=2))
            return
        self.stdout.write(
            self.style.SUCCESS(f"{copy.path}: {copy}, {copy.size / 2**20:,.1f} MiB, verified.")
        )

    def stay(self, keep: int) -> None:
        if keep < 1:
            raise CommandError("--nightly takes the number of nights to keep, at least 1.")
        parent = os.getppid()

        def pause() -> bool:
            connection.close()
            time.sleep(_LOOK_AGAIN)
            # The server that started this has ended, so this ends too.
            return os.getppid() == parent

        keep_going(keep, pause=pause, say=self.tell)

    def tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
