import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corpus.comparison import compare
from corpus.evidence.report import as_text
from corpus.evidence.sheet import Side, evidence_sheet
from corpus.imports import ReadingError, read
from corpus.models import Document


class Command(BaseCommand):
    help = (
        "Compare two texts sentence by sentence and name what was changed. Each is a file (.txt, "
        ".md, .html) or the number of an imported document."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a file, or a document's number")
        parser.add_argument("derived", help="a file, or a document's number")
        parser.add_argument(
            "--format",
            choices=["text", "json", "html"],
            default="text",
            help="a report for the terminal, the JSON of docs/formats.md, or an evidence sheet",
        )
        parser.add_argument(
            "--language", help="the language of both texts, such as en or de (default: guessed)"
        )
        parser.add_argument("--output", type=Path, help="write here instead of to the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        source, derived = (self.side(options[name]) for name in ("source", "derived"))
        comparison = compare(
            source.text,
            derived.text,
            source_title=source.title,
            derived_title=derived.title,
            language=options["language"],
        )
        match options["format"]:
            case "json":
                report = json.dumps(comparison.as_dict(), ensure_ascii=False, indent=1) + "\n"
            case "html":
                report = evidence_sheet(comparison, source, derived)
            case _:
                report = as_text(comparison, source.text, derived.text)
        if options["output"]:
            try:
                options["output"].write_text(report, encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{options['output']}: {error.strerror}.") from error
        else:
            self.stdout.write(report, ending="")

    def side(self, name: str) -> Side:
        path = Path(name)
        if path.is_file():
            try:
                found = read(path.read_bytes(), name=path.name)
            except OSError as error:
                raise CommandError(f"{name}: {error.strerror}.") from error
            except ReadingError as error:
                raise CommandError(str(error)) from error
            about = found.about
            day = f"{about.published_on:%Y-%m-%d}" if about.published_on else ""
            facts = tuple(fact for fact in (about.publisher, day, about.url) if fact)
            return Side(about.title, found.text, facts)
        if name.isdecimal():
            documents = Document.objects.for_reading().filter(collection__deleted_at=None)
            document = documents.filter(pk=int(name)).first()
            if document is not None:
                return Side.of(document)
            raise CommandError(f"There is no document with the number {name}.")
        raise CommandError(f"{name}: no such file.")
