"""Keep what was read: an import of several files, and what became of each."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import PurePath

from django.contrib.auth.models import User
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.utils import timezone

from corpus.models import Collection, Document, ImportBatch, ImportedFile
from corpus.relatives.relating import put_off
from corpus.relatives.tasks import relate_soon

from .readers import in_words, read_all, read_pasted
from .reading import MAX_BYTES, ReadDocument, ReadingError, one_line, too_large

logger = logging.getLogger(__name__)

# What is read before it is stored: enough for few transactions, little enough for the memory.
_FILES_AT_ONCE = 50
_BYTES_AT_ONCE = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to import. Its size is known before its content is fetched."""

    name: str
    size: int
    content: Callable[[], bytes]

    def read(self) -> tuple[bytes, list[ReadDocument]]:
        if self.size > MAX_BYTES:
            raise ReadingError(self.name, too_large(self.size))
        data = self.content()
        return data, read_all(data, name=self.name)


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text to import that somebody pasted, with the title they gave it, if any.

    `found` is what was read in it already.
    """

    text: str
    title: str = ""
    name: str = "Pasted text"
    found: ReadDocument | None = None

    def read(self) -> tuple[bytes, list[ReadDocument]]:
        found = self.found or read_pasted(self.text, name=self.name)
        return self.text.encode(errors="surrogatepass"), [found]


type Source = Upload | Pasted


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A file after reading: the unsaved document, or why there is none."""

    file: ImportedFile
    size: int
    document: Document | None = None
    reason: str = ""
    line: int | None = None
    place: int = 1  # of the article in its file


class ImportBroken(Exception):
    """The database failed in the middle of an import: what is in stays, the rest waits."""

    def __init__(self, batch: ImportBatch, *, done: int, total: int) -> None:
        super().__init__(f"The import broke off after {done} of {total} files.")
        self.batch = batch


def import_files(
    collection: Collection,
    user: User | None,
    files: Iterable[Source],
    *,
    replaces: Document | None = None,
    finishing: ImportBatch | None = None,
    on_file: Callable[[ImportedFile], None] = lambda file: None,
) -> ImportBatch:
    """Import files into a collection; the batch says of each what became of it.

    A file that cannot be read, or whose text the collection has, does not hinder the others. The
    batch names all its files before the first is read, so that one which breaks off says how far
    it came; `finishing` goes on with such a batch. Files are read outside the write transaction; a
    document and its record are stored in the same one. `replaces` is the document that the imported
    ones correct; `on_file` is told of each outcome. What shares text with the new documents is found
    in the background. Raises ImportBroken where the database fails.
    """
    sources = list(files)
    if not sources:
        raise ValueError("An import needs a file.")
    batch, planned = _planned(collection, user, sources, finishing=finishing)
    done = 0
    for portion in _portions(_parse(collection, file, source) for file, source in planned):
        try:
            with transaction.atomic():
                stored = _stored(batch, portion, replaces=replaces)
                put_off(
                    file.document_id
                    for file in stored
                    if file.outcome == ImportedFile.Outcome.IMPORTED and file.document_id
                )
        except DatabaseError as error:
            logger.exception("Import %s broke off after %s files.", batch.pk, done)
            raise ImportBroken(batch, done=done, total=len(planned)) from error
        done += len(portion)
        for file in stored:
            on_file(file)
    try:
        relate_soon(collection)
    except DatabaseError:
        # The documents are in, and noted as waiting: the worker finds them when it looks around.
        logger.exception("The documents of import %s could not be queued.", batch.pk)
    return batch


@transaction.atomic
def _planned(
    collection: Collection,
    user: User | None,
    sources: list[Source],
    *,
    finishing: ImportBatch | None,
) -> tuple[ImportBatch, list[tuple[ImportedFile, Source]]]:
    """The batch, and what it is to read. Files that it has dealt with already are left out."""
    batch = finishing or ImportBatch.objects.create(collection=collection, creator=user)
    known: dict[str, list[ImportedFile]] = defaultdict(list)
    if finishing:
        for file in finishing.files.order_by("-pk"):
            known[file.name].append(file)
    planned, new = [], []
    for source in sources:
        name = one_line(source.name, 300) or "Unnamed file"
        if known[name]:
            file = known[name].pop()
        else:
            file = ImportedFile(batch=batch, name=name, outcome=ImportedFile.Outcome.WAITING)
            new.append(file)
        if file.outcome == ImportedFile.Outcome.WAITING:
            planned.append((file, source))
    ImportedFile.objects.bulk_create(new, batch_size=500)
    return batch, planned


def _portions(files: Iterable[list[_Parsed]]) -> Iterator[list[list[_Parsed]]]:
    """Files in portions, each of them whole: its articles are stored together."""
    portion: list[list[_Parsed]] = []
    size = count = 0
    for articles in files:
        portion.append(articles)
        size, count = size + articles[0].size, count + len(articles)
        if count >= _FILES_AT_ONCE or size > _BYTES_AT_ONCE:
            yield portion
            portion, size, count = [], 0, 0
    if portion:
        yield portion


def _parse(collection: Collection, file: ImportedFile, source: Source) -> list[_Parsed]:
    """The articles of a file: the first has the file's own record, the others get new ones."""
    try:
        with in_words(file.name):
            data, found = source.read()
            return [
                _article(collection, file, source, data, one, place=place, of=len(found))
                for place, one in enumerate(found, start=1)
            ]
    except ReadingError as error:
        return [_Parsed(file, 0, reason=error.reason, line=error.line)]


def _article(
    collection: Collection,
    file: ImportedFile,
    source: Source,
    data: bytes,
    found: ReadDocument,
    *,
    place: int,
    of: int,
) -> _Parsed:
    document = Document.with_text(
        found.text,
        **asdict(found.about),
        collection=collection,
        reader=found.reader,
        # The file is kept once, with the first of its articles that is stored.
        original=data if place == 1 else b"",
        original_name="" if isinstance(source, Pasted) else PurePath(file.name).name,
    )
    if isinstance(source, Pasted) and source.title:
        document.title = one_line(source.title, 500) or document.title
    note = f"Article {place} of {of} in the file. {found.note}".strip() if of > 1 else found.note
    if place > 1:
        file = ImportedFile(batch=file.batch, name=file.name, outcome=ImportedFile.Outcome.WAITING)
    return _Parsed(file, len(data), document, reason=note, place=place)


def _stored(
    batch: ImportBatch, portion: list[list[_Parsed]], *, replaces: Document | None
) -> list[ImportedFile]:
    """The records of a portion, stored; those that somebody else has finished are left alone."""
    mine = [articles[0].file.pk for articles in portion]
    waiting = batch.files.select_for_update().filter(outcome=ImportedFile.Outcome.WAITING)
    still = set(waiting.filter(pk__in=mine).values_list("pk", flat=True))
    parsed = [one for articles in portion if articles[0].file.pk in still for one in articles]
    try:
        with transaction.atomic():
            return _store_together(batch, parsed, replaces=replaces)
    except (IntegrityError, DataError, ValueError):
        # One of them cannot be stored, or somebody else has just stored it: each by itself, then.
        for one in parsed:
            if one.document is not None:
                one.document.pk, one.document._state.adding = None, True
        files = []
        for one, after in zip_longest(parsed, parsed[1:]):
            files.append(_store(batch, one, replaces=replaces))
            if files[-1].outcome != ImportedFile.Outcome.IMPORTED:
                _hand_on(one, after)
        return files


def _hand_on(one: _Parsed, after: _Parsed | None) -> None:
    """Keep the file with its next article where this one is not stored."""
    if after and after.place > 1 and one.document and after.document:
        after.document.original = one.document.original


def _store_together(
    batch: ImportBatch, parsed: list[_Parsed], *, replaces: Document | None
) -> list[ImportedFile]:
    hashes = [one.document.sha256 for one in parsed if one.document]
    same = Document.everything.filter(collection=batch.collection, sha256__in=hashes)
    there = {row.sha256: row for row in same.alive().for_lists()}
    gone = dict(same.deleted().order_by("deleted_at").values_list("sha256", "deleted_at"))
    fresh: list[Document] = []
    for one, after in zip_longest(parsed, parsed[1:]):
        file, document = one.file, one.document
        file.reason, file.line = one.reason, one.line
        if document is None:
            file.outcome = ImportedFile.Outcome.FAILED
        elif first := there.get(document.sha256):
            _repeats(file, first)
            _hand_on(one, after)
        else:
            document.batch, document.replaces = batch, replaces
            file.outcome, file.document = ImportedFile.Outcome.IMPORTED, document
            if when := gone.get(document.sha256):
                file.reason = f"{file.reason} {_deleted_words(when)}".strip()
            there[document.sha256] = document
            fresh.append(document)
    Document.objects.bulk_create(fresh)
    files = [one.file for one in parsed]
    ImportedFile.objects.bulk_update(
        [file for file in files if file.pk], ["outcome", "document", "reason", "line"]
    )
    ImportedFile.objects.bulk_create([file for file in files if not file.pk])
    return files


def _store(batch: ImportBatch, parsed: _Parsed, *, replaces: Document | None) -> ImportedFile:
    file, document = parsed.file, parsed.document
    file.reason, file.line = parsed.reason, parsed.line
    if document is None:
        file.outcome = ImportedFile.Outcome.FAILED
    elif first := _first_with(document):
        _repeats(file, first)
    else:
        document.batch, document.replaces = batch, replaces
        file.outcome, file.document = ImportedFile.Outcome.IMPORTED, document
        try:
            with transaction.atomic():
                document.save()
        except (IntegrityError, DataError, ValueError):
            # Somebody else stored the same text between the question and the answer, or else the
            # database has no place for something in it.
            first = _first_with(document)
            _repeats(file, first)
            if first is None:
                logger.exception("%s cannot be stored.", ascii(file.name))
                file.outcome = ImportedFile.Outcome.FAILED
                file.reason = "The database cannot hold it. What went wrong is in the server's log."
        else:
            if gone := _deleted_with(document):
                file.reason = f"{file.reason} {gone}".strip()
    file.save()
    return file


def _repeats(file: ImportedFile, first: Document | None) -> None:
    file.outcome, file.document = ImportedFile.Outcome.DUPLICATE, first
    file.reason = "The collection already has this text."


def _deleted_with(document: Document) -> str:
    """That the same text was deleted, which is with its marks where deleted things are."""
    gone = Document.everything.deleted().filter(
        collection=document.collection, sha256=document.sha256
    )
    latest = gone.order_by("-deleted_at").values_list("deleted_at", flat=True).first()
    if latest is None:
        return ""
    return _deleted_words(latest)


def _deleted_words(when: datetime) -> str:
    day = f"{timezone.localtime(when):%-d %B %Y}"
    return (
        f"The same text was deleted on {day}. To have it back with its marks, delete this one and "
        "bring that one back, under “What was deleted”."
    )


def _first_with(document: Document) -> Document | None:
    return (
        Document.objects.filter(collection=document.collection, sha256=document.sha256)
        .for_lists()
        .first()
    )
