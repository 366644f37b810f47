from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from annotations import sample


class Command(BaseCommand):
    help = (
        "Write annotations/fixtures/sample.json anew from the texts and marks.json in "
        "annotations/sample. It works in a database of its own and leaves yours alone."
    )
    # It serves no page, so it asks for none to be right.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="write nothing; fail where the fixture is not what the sources give",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            built = sample.fixture(sample.build())
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
        if options["check"]:
            if not sample.FIXTURE.exists() or sample.FIXTURE.read_text(encoding="utf-8") != built:
                raise CommandError("The fixture is out of date: run manage.py build_sample.")
        else:
            sample.FIXTURE.parent.mkdir(exist_ok=True)
            sample.FIXTURE.write_text(built, encoding="utf-8")
        self.stdout.write(f"{sample.FIXTURE.name} holds {built.count(chr(10)) - 2} rows.")
