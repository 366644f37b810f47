import json
from argparse import ArgumentParser
from collections.abc import Iterator
from glob import glob, has_magic
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from corpus.imports import READERS
from corpus.imports.storing import Upload, import_files
from corpus.models import Collection, ImportedFile

Outcome = ImportedFile.Outcome


class Command(BaseCommand):
    help = (
        "Import text, Markdown and HTML files into a collection. A folder means the files in it "
        "and below; a pattern such as 'news/**/*.html' may be quoted. The exit code is 0 when all "
        "went well, 1 when a file could not be imported, 2 when nothing was tried."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, a pattern")
        parser.add_argument("--collection", required=True, metavar="SLUG")
        parser.add_argument("--user", metavar="NAME", help="who is recorded as the importer")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = Collection.objects.filter(slug=options["collection"]).first()
        if collection is None:
            slugs = ", ".join(
                Collection.objects.order_by("slug").values_list("slug", flat=True)[:20]
            )
            there = f"There are: {slugs}." if slugs else "There are none yet."
            message = f"There is no collection {options['collection']}. {there}"
            raise CommandError(message, returncode=2)
        user = None
        if options["user"]:
            user = User.objects.filter(username=options["user"]).first()
            if user is None:
                raise CommandError(f"Nobody here signs in as {options['user']}.", returncode=2)
        paths = list(dict.fromkeys(path for given in options["paths"] for path in _files(given)))
        if not paths:
            endings = ", ".join(READERS)
            message = f"No file to import: looked in folders and patterns for {endings}."
            raise CommandError(message, returncode=2)

        outcomes: list[ImportedFile] = []

        def report(file: ImportedFile) -> None:
            outcomes.append(file)
            if not options["json"] and options["verbosity"] > 0:
                self.stdout.write(self._line(file, done=len(outcomes), total=len(paths)))

        batch = import_files(
            collection, user, map(_upload, paths), on_file=report, on_note=self.stderr.write
        )
        counts = {str(kind): sum(f.outcome == kind for f in outcomes) for kind in Outcome}
        if options["json"]:
            result = {
                "collection": collection.slug,
                "batch": batch.pk,
                "counts": counts,
                "files": [_as_dict(file) for file in outcomes],
            }
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))
        elif options["verbosity"] > 0:
            self.stdout.write(", ".join(f"{number} {kind}" for kind, number in counts.items()))
        if failed := counts[Outcome.FAILED]:
            raise CommandError(f"{failed} of {len(outcomes)} files could not be imported.")

    def _line(self, file: ImportedFile, *, done: int, total: int) -> str:
        count = f"{done:>{len(str(total))}}/{total}"
        match file.outcome:
            case Outcome.IMPORTED:
                what = self.style.SUCCESS("imported ") + f" {file.name}: {_title(file)}"
                return f"{count} {what}" + (f" [{file.reason}]" if file.reason else "")
            case Outcome.DUPLICATE:
                what = self.style.WARNING("duplicate")
                return f"{count} {what} {file.name}: has the text of “{_title(file)}”"
            case _:
                return f"{count} {self.style.ERROR('failed   ')} {file.name}: {file.reason}"


def _files(given: str) -> Iterator[Path]:
    """The files that a path stands for. One that is not there stays, so that it is reported."""
    path = Path(given)
    # Path.glob takes no absolute pattern.
    found = sorted(map(Path, glob(given, recursive=True))) if has_magic(given) else [path]  # noqa: PTH207
    if path.exists():
        found = [path]
    for one in found:
        if one.is_dir():
            inside = (file for file in sorted(one.rglob("*")) if file.suffix.lower() in READERS)
            yield from (file for file in inside if file.is_file() and not _is_hidden(file, one))
        else:
            yield one


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _upload(path: Path) -> Upload:
    try:
        size = path.stat().st_size
    except OSError:
        size = 0  # reading it will say why
    return Upload(str(path), size, path.read_bytes)


def _title(file: ImportedFile) -> str:
    return file.document.title if file.document else ""


def _as_dict(file: ImportedFile) -> dict[str, Any]:
    return {
        "file": file.name,
        "outcome": str(file.outcome),
        "document": file.document.pk if file.document else None,
        "title": _title(file),
        "reason": file.reason,
        "line": file.line,
    }
