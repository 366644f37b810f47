"""Keep what was read: an import of several files, and what became of each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import PurePath

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from corpus.models import Collection, Document, ImportBatch, ImportedFile
from corpus.relating import relate_imported
from corpus.text import TextError

from .readers import read, read_pasted
from .reading import MAX_BYTES, ReadDocument, ReadingError, one_line, too_large

# What is read before it is stored: enough for few transactions, little enough for the memory.
_FILES_AT_ONCE = 50
_BYTES_AT_ONCE = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to import. Its size is known before its content is fetched."""

    name: str
    size: int
    content: Callable[[], bytes]

    def read(self) -> tuple[bytes, ReadDocument]:
        if self.size > MAX_BYTES:
            raise ReadingError(self.name, too_large(self.size))
        try:
            data = self.content()
        except OSError as error:
            raise ReadingError(self.name, f"It cannot be opened: {error.strerror}.") from error
        return data, read(data, name=self.name)


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text to import that somebody pasted, with the title they gave it, if any."""

    text: str
    title: str = ""
    name: str = "Pasted text"

    def read(self) -> tuple[bytes, ReadDocument]:
        return self.text.encode(errors="surrogatepass"), read_pasted(self.text, name=self.name)


type Source = Upload | Pasted


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A file after reading: the unsaved document, or why there is none."""

    name: str
    size: int
    document: Document | None = None
    reason: str = ""
    line: int | None = None


def import_files(
    collection: Collection,
    user: User | None,
    files: Iterable[Source],
    *,
    replaces: Document | None = None,
    on_file: Callable[[ImportedFile], None] = lambda file: None,
    on_note: Callable[[str], None] = lambda note: None,
) -> ImportBatch:
    """Import files into a collection; the batch says of each what became of it.

    A file that cannot be read, or whose text the collection has, does not hinder the others. Files
    are read outside the write transaction; a document and its record are stored in the same one.
    `replaces` is the document that the imported ones correct; `on_file` is told of each outcome,
    `on_note` of what was left undone when the new documents were related to the others.
    """
    batch = ImportBatch.objects.create(collection=collection, creator=user)
    added: list[int] = []
    for portion in _portions(_parse(collection, source) for source in files):
        with transaction.atomic():
            stored = [_store(batch, parsed, replaces=replaces) for parsed in portion]
        for file in stored:
            on_file(file)
            if file.outcome == ImportedFile.Outcome.IMPORTED and file.document_id:
                added.append(file.document_id)
    relate_imported(collection, added, on_note=on_note)
    return batch


def _portions(files: Iterable[_Parsed]) -> Iterator[list[_Parsed]]:
    portion: list[_Parsed] = []
    for file in files:
        portion.append(file)
        if len(portion) == _FILES_AT_ONCE or sum(f.size for f in portion) > _BYTES_AT_ONCE:
            yield portion
            portion = []
    if portion:
        yield portion


def _parse(collection: Collection, source: Source) -> _Parsed:
    name = one_line(source.name, 300) or "Unnamed file"
    try:
        data, found = source.read()
        document = Document.with_text(
            found.text,
            **asdict(found.about),
            collection=collection,
            reader=found.reader,
            original=data,
            original_name="" if isinstance(source, Pasted) else PurePath(name).name,
        )
    except ReadingError as error:
        return _Parsed(name, 0, reason=error.reason, line=error.line)
    except TextError as error:
        return _Parsed(name, 0, reason=error.reason, line=error.line)
    if isinstance(source, Pasted) and source.title:
        document.title = one_line(source.title, 500) or document.title
    return _Parsed(name, len(data), document, reason=found.note)


def _store(batch: ImportBatch, parsed: _Parsed, *, replaces: Document | None) -> ImportedFile:
    file = ImportedFile(batch=batch, name=parsed.name, reason=parsed.reason, line=parsed.line)
    document = parsed.document
    if document is None:
        file.outcome = ImportedFile.Outcome.FAILED
    elif first := _first_with(document):
        file.outcome, file.document = ImportedFile.Outcome.DUPLICATE, first
        file.reason = "The collection already has this text."
    else:
        document.batch, document.replaces = batch, replaces
        file.outcome, file.document = ImportedFile.Outcome.IMPORTED, document
        try:
            with transaction.atomic():
                document.save()
        except IntegrityError:
            # Somebody else stored the same text between the question and the answer.
            file.outcome, file.document = ImportedFile.Outcome.DUPLICATE, _first_with(document)
            file.reason = "The collection already has this text."
    file.save()
    return file


def _first_with(document: Document) -> Document | None:
    return (
        Document.objects.filter(collection=document.collection, sha256=document.sha256)
        .for_lists()
        .first()
    )
