import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from corpus.keeping.copies import bring_back
from corpus.keeping.errors import KeepingError


class Command(BaseCommand):
    help = (
        "Bring back a backup: the database becomes what it was, an older release's is brought up "
        "to date. What stands now is backed up first, and named, so that this can be undone."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `manage.py backup` wrote")
        parser.add_argument("--json", action="store_true", help="say what was done as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            copy, before = bring_back(options["file"])
        except KeepingError as error:
            raise CommandError(str(error)) from error
        call_command("migrate", interactive=False, verbosity=0, no_backup=True)
        # Sessions that were ended since would be open again.
        Session.objects.all().delete()
        if options["json"]:
            told = {
                "file": str(copy.path),
                "documents": copy.documents,
                "annotations": copy.annotations,
                "before": str(before.path) if before else None,
            }
            self.stdout.write(json.dumps(told, indent=2))
            return
        self.stdout.write(self.style.SUCCESS(f"Brought back {copy.path}: {copy}."))
        if before:
            self.stdout.write(f"What stood before is kept in {before.path} ({before}).")
        self.stdout.write("Everybody signs in anew.")
