import os
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from annotations.exports import FORMATS, Origin, annotation_rows
from annotations.models import Annotation, AnnotationQuerySet, Known, known_claims
from corpus.models import Collection
from corpus.people.log import Kind, log


class Command(BaseCommand):
    help = (
        "Write a collection's annotations to a file: csv for spreadsheets, jsonl for programs, w3c "
        "for other annotation tools. The same annotations give the same bytes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the collection, as its address names it")
        parser.add_argument("--format", choices=list(FORMATS), default="csv")
        parser.add_argument(
            "--output",
            required=True,
            metavar="PATH",
            help="the file to write; - is standard output",
        )
        parser.add_argument(
            "--user",
            metavar="NAME",
            help="export what this member may see; without it, everybody's annotations",
        )
        parser.add_argument("--archived", action="store_true", help="with what is archived too")
        parser.add_argument(
            "--base-url",
            default="http://localhost:8000/",
            metavar="URL",
            help="the site's address, for the identifiers in w3c (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = FORMATS[options["format"]]
        collection = Collection.objects.filter(slug=options["slug"]).first()
        if collection is None:
            raise CommandError(f"There is no collection {options['slug']}.{_known()}")
        annotations, known = self.seen(collection, options["user"])
        query = {"format": chosen.key}
        if options["archived"]:
            query["archived"] = "on"
        else:
            annotations = annotations.live()
        base = _base_url(options["base_url"])
        download = reverse("annotations:export_download", args=[collection.slug], query=query)
        content = chosen.write(
            annotation_rows(annotations, known=known),
            Origin(base, collection.slug, collection.name),
            base + download[1:],
        )
        log(Kind.EXPORTED, user=None, collection=collection, words=f"By command: {chosen.key}.")
        if options["output"] == "-":
            self.to_standard_output(content)
            return
        path = Path(options["output"])
        try:
            size = write_whole(path, content)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}.") from error
        total = annotations.count()
        self.stderr.write(f"{path}: {total} annotation{'' if total == 1 else 's'}, {size} bytes.")

    def seen(
        self, collection: Collection, username: str | None
    ) -> tuple[AnnotationQuerySet, dict[int, Known] | None]:
        """The annotations, and the claims' numbers, as the member is to know them."""
        annotations = Annotation.objects.filter(collection=collection).alive().readable()
        if username is None:
            return annotations, None
        user = User.objects.filter(
            username=username,
            memberships__collection=collection,
            memberships__deleted_at=None,
        ).first()
        if user is None:
            raise CommandError(f"{username} is not a member of {collection.slug}.")
        return annotations.visible_to(user), known_claims(user, collection)

    def to_standard_output(self, content: Iterable[bytes]) -> None:
        # A test, or a caller, may have put a text stream in place of the real one.
        binary = getattr(self.stdout._out, "buffer", None)
        try:
            for block in content:
                if binary is None:
                    self.stdout.write(block.decode(), ending="")
                else:
                    binary.write(block)
            if binary is not None:
                binary.flush()
        except BrokenPipeError:
            # The reader, head for one, has enough. Python would complain again when it exits.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_whole(path: Path, content: Iterable[bytes]) -> int:
    """Write the file so that it is there whole or, after a failure, as it was before; its size."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for block in content:
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        unfinished.chmod(_mode(path))
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return size


def _mode(path: Path) -> int:
    """The permissions that the file has, or that a new file gets; mkstemp's are for us alone."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _base_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise CommandError(f"{url} is no web address such as https://example.org/.")
    return f"{parts.scheme}://{parts.netloc}/"


def _known() -> str:
    slugs = list(Collection.objects.order_by("slug").values_list("slug", flat=True)[:20])
    return f" There are: {', '.join(slugs)}." if slugs else ""
