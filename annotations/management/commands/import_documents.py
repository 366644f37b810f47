import json
from argparse import ArgumentParser
from collections.abc import Iterator
from glob import glob, has_magic
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from django.utils import timezone
from django.utils.text import slugify

from annotations.acts.collections import start_collection
from annotations.sample import NO_PASSWORD
from corpus.http import as_number
from corpus.imports import ENDINGS
from corpus.imports.storing import ImportBroken, Upload, import_files
from corpus.models import Collection, ImportBatch, ImportedFile, Role
from corpus.relatives.relating import waiting_words

Outcome = ImportedFile.Outcome
ENDS = (Outcome.IMPORTED, Outcome.DUPLICATE, Outcome.FAILED)


class Command(BaseCommand):
    help = (
        "Import text, Markdown and HTML files into a collection, which is made where there is none "
        "of that name yet. A folder means the files in it and below; a pattern such as "
        "'news/**/*.html' may be quoted. The exit code is 0 when all went well, 1 when a file could "
        "not be imported or the import broke off, 2 when nothing was tried."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, a pattern")
        parser.add_argument("--collection", required=True, metavar="SLUG")
        parser.add_argument(
            "--owner",
            metavar="NAME",
            help="whose a collection becomes that is made; needed only where several could be meant",
        )
        parser.add_argument("--user", metavar="NAME", help="who is recorded as the importer")
        parser.add_argument(
            "--finish", type=int, metavar="N", help="go on with import N, which broke off"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = list(dict.fromkeys(path for given in options["paths"] for path in _files(given)))
        if not paths:
            endings = ", ".join(ENDINGS)
            message = f"No file to import: looked in folders and patterns for {endings}."
            raise CommandError(message, returncode=2)

        user = _person(options["user"]) if options["user"] else None
        collection = self._collection(options, user)
        finishing = self._unfinished(collection, options["finish"])
        outcomes: list[ImportedFile] = []

        def report(file: ImportedFile) -> None:
            outcomes.append(file)
            if not options["json"] and options["verbosity"] > 0:
                self.stdout.write(self._line(file, done=len(outcomes), total=len(paths)))

        try:
            batch = import_files(
                collection,
                user,
                map(_upload, paths),
                finishing=finishing,
                on_file=report,
            )
        except ImportBroken as broken:
            raise CommandError(
                f"{broken} The database failed; what is in stays in. The same command with "
                f"--finish {broken.batch.pk} goes on where this one stopped."
            ) from broken
        if waiting := waiting_words(collection):
            self.stderr.write(
                f"{waiting} The server's worker does it, or `manage.py worker --once`."
            )
        counts = {str(kind): sum(f.outcome == kind for f in outcomes) for kind in ENDS}
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

    def _collection(self, options: dict[str, Any], importer: User | None) -> Collection:
        """The collection of that name, or a new one, whose owner is said or plain to see."""
        slug = options["collection"]
        try:
            found = Collection.everything.filter(slug=slug).first()
        except (OperationalError, ProgrammingError) as error:
            message = "There is no database yet: `manage.py migrate` makes it."
            raise CommandError(message, returncode=2) from error
        if found:
            closed = "deleted" if found.deleted_at else "archived" if found.archived_at else ""
            if closed:
                when = timezone.localtime(found.deleted_at or found.archived_at)
                message = (
                    f"The collection {slug} was {closed} on {when:%-d %B %Y}. An owner can bring it "
                    "back; or choose another name."
                )
                raise CommandError(message, returncode=2)
            return found
        if slugify(slug) != slug or len(slug) > 80:
            message = f"{slug} is no name for a collection: small letters, digits and hyphens."
            raise CommandError(message, returncode=2)
        if options["finish"]:
            raise CommandError(f"There is no collection {slug}.", returncode=2)
        owner = _person(options["owner"]) if options["owner"] else importer or _only_owner(slug)
        name = slug.replace("-", " ").capitalize()
        made = start_collection(Collection(name=name, slug=slug), owner)
        self.stderr.write(f"Made the collection {slug}; it belongs to {owner.username}.")
        return made

    def _unfinished(self, collection: Collection, number: int | None) -> ImportBatch | None:
        if number is None:
            return None
        found = collection.batches.filter(pk=as_number(number)).first()
        if found is None:
            raise CommandError(f"{collection.slug} has no import {number}.", returncode=2)
        return found

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


def _person(name: str) -> User:
    person = User.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody here signs in as {name}.", returncode=2)
    return person


def _only_owner(slug: str) -> User:
    """Who a new collection belongs to where nobody was named: the only one it can be."""
    people = User.objects.filter(is_active=True).exclude(password=NO_PASSWORD)
    for likely in (
        people.filter(username=settings.LOCAL_USER),
        people.filter(memberships__role=Role.OWNER).distinct(),
        people.filter(is_superuser=True),
        people,
    ):
        some = list(likely.order_by("username")[:21])
        if len(some) == 1:
            return some[0]
        if some:
            names = ", ".join(person.username for person in some[:20])
            message = f"Whose is the new collection {slug}? Say --owner NAME, one of: {names}."
            raise CommandError(message, returncode=2)
    message = (
        f"There is no collection {slug}, and nobody whom a new one could belong to: make an account "
        "with `manage.py createsuperuser` first, or start `manage.py demo`."
    )
    raise CommandError(message, returncode=2)


def _files(given: str) -> Iterator[Path]:
    """The files that a path stands for. One that is not there stays, so that it is reported."""
    path = Path(given)
    # Path.glob takes no absolute pattern.
    found = sorted(map(Path, glob(given, recursive=True))) if has_magic(given) else [path]  # noqa: PTH207
    if path.exists():
        found = [path]
    for one in found:
        if one.is_dir():
            inside = (file for file in sorted(one.rglob("*")) if file.suffix.lower() in ENDINGS)
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
