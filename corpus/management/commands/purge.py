import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from corpus.comparing import tidy
from corpus.keeping.purge import due, in_words, purge
from corpus.models import GRACE
from corpus.people import places, throttle
from corpus.people.log import Kind, forget_addresses, log


class Command(BaseCommand):
    help = (
        f"Delete for good what was deleted more than {GRACE.days} days ago. It can be stopped and "
        "run again; --dry-run only says what it would take."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="delete nothing, say what is due"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        dry: bool = options["dry_run"]
        counts = due() if dry else purge()
        forgotten = 0
        if not dry:
            forgotten = forget_addresses()
            throttle.forget()
            tidy()
            places.forget_ended(timezone.now())
            if any(counts.values()):
                log(Kind.PURGED, user=None, words=f"{in_words(counts)}.")
        if options["json"]:
            result = {"dry_run": dry, "days": GRACE.days, "purged": counts, "addresses": forgotten}
            self.stdout.write(json.dumps(result, indent=1))
            return
        words = in_words(counts)
        if not words:
            self.stdout.write(f"Nothing was deleted more than {GRACE.days} days ago.")
        else:
            told = "Would be deleted for good" if dry else "Deleted for good"
            self.stdout.write(f"{told}: {words}.")
        if forgotten:
            self.stdout.write(f"Addresses forgotten in the security log: {forgotten:,}.")
