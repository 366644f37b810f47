"""Which reader reads which file."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePath

from corpus.text import TextError

from . import databases, html, markdown, mhtml, nexis_text, plain
from .reading import ReadDocument, ReadingError, one_line

READERS: dict[str, Callable[[bytes], ReadDocument]] = {
    ".txt": plain.read,
    ".text": plain.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".mhtml": mhtml.read,
    ".mht": mhtml.read,
}
logger = logging.getLogger(__name__)
_A_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A format whose files are told by their content: several articles may be in one."""

    key: str
    name: str
    fits: Callable[[bytes], bool]
    read: Callable[[bytes], Iterable[ReadDocument]]


BY_CONTENT = (
    Reader("nexis_text", "Nexis, text", nexis_text.is_export, nexis_text.read),
    Reader("mhtml", "Saved page", mhtml.is_saved_page, lambda data: [mhtml.read(data)]),
)


def read(data: bytes, *, name: str) -> ReadDocument:
    """The document in the file, which must be the only one. Raises ReadingError."""
    found = read_all(data, name=name)
    if len(found) > 1:
        raise ReadingError(name, f"It holds {len(found)} articles: import it instead.")
    return found[0]


def read_all(data: bytes, *, name: str) -> list[ReadDocument]:
    """The documents in the file: by its content where that is plain, else by its ending.

    Each has a title, at the least one made from the file's name. Raises ReadingError, which names
    the file, the line where there is one, and the reason.
    """
    with in_words(name):
        found = [_titled(document, name) for document in _read(data, name)]
    if not found:
        raise ReadingError(name, "There is no text in it.")
    return found


def _read(data: bytes, name: str) -> Iterable[ReadDocument]:
    for known in BY_CONTENT:
        if known.fits(data):
            return known.read(data)
    if reason := databases.refusal(data):
        raise TextError(reason)
    ending = PurePath(name).suffix.lower()
    reader = READERS.get(ending, plain.read if not ending else None)
    if reader is plain.read and _A_PAGE.match(data[:1000]):
        reader = html.read
    if reader is None:
        endings = ", ".join(READERS)
        raise TextError(f"Files that end in {ending} cannot be read. These can: {endings}.")
    return [reader(data)]


def read_pasted(text: str, *, name: str) -> ReadDocument:
    """The document in a text that somebody typed or pasted. Raises ReadingError."""
    with in_words(name):
        return _titled(plain.of(text, reader="pasted"), name)


def _titled(document: ReadDocument, name: str) -> ReadDocument:
    if not document.text:
        raise TextError("There is no text in it.")
    about = document.about.tidied()
    return replace(document, about=replace(about, title=about.title or _title_from(name)))


@contextmanager
def in_words(name: str) -> Iterator[None]:
    """Turn whatever fails while this file is read into a ReadingError, so that it fails alone."""
    try:
        yield
    except ReadingError:
        raise
    except TextError as error:
        raise ReadingError(name, error.reason, error.line) from error
    except OSError as error:
        why = error.strerror or "no reason was given"
        raise ReadingError(name, f"It cannot be opened: {why}.") from error
    except RecursionError as error:
        logger.exception("%s is nested too deeply.", ascii(name))
        raise ReadingError(name, "Its parts are nested too deeply to be read.") from error
    except MemoryError as error:
        logger.exception("%s takes too much memory.", ascii(name))
        raise ReadingError(name, "Reading it takes more memory than there is.") from error
    except Exception as error:
        # Parsers fail in ways of their own. The file has to pay for it, the others do not.
        logger.exception("%s cannot be read.", ascii(name))
        reason = (
            "It is built in a way that our reader cannot follow. Save it as plain text, or paste "
            "its text. What went wrong is in the server's log."
        )
        raise ReadingError(name, reason) from error


def _title_from(name: str) -> str:
    words = re.sub(r"[\W_]+", " ", PurePath(name).stem).strip()
    return one_line(words, 500) or "Untitled"
