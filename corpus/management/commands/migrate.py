from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from corpus.keeping.copies import back_up, backups_folder, free_name
from corpus.keeping.errors import KeepingError
from corpus.keeping.releases import waiting


class Command(migrate.Command):
    help = (
        "Bring the database up to date: a backup is made first where something is stored, and a "
        "database of a newer release is refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--no-backup",
            action="store_true",
            help="make no backup first, because you have made one by other means",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        looks_only = options["plan"] or options["check_unapplied"]
        if options["database"] == DEFAULT_DB_ALIAS and not looks_only:
            try:
                if waiting(options["app_label"]) and not options["no_backup"]:
                    copy = back_up(free_name(backups_folder(), "before-migrating"))
                    self.stdout.write(f"Backup before migrating: {copy.path} ({copy}).")
            except KeepingError as error:
                raise CommandError(str(error)) from error
        super().handle(*args, **options)
