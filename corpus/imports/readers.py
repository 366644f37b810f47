"""Which reader reads which file."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath

from corpus.text import TextError

from . import html, markdown, plain
from .reading import ReadDocument, ReadingError, one_line

READERS: dict[str, Callable[[bytes], ReadDocument]] = {
    ".txt": plain.read,
    ".text": plain.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
}
logger = logging.getLogger(__name__)
_A_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE
)


def read(data: bytes, *, name: str) -> ReadDocument:
    """The document in the file: by its ending, or by its first bytes where they say it is a page.

    It always has a title, at the least one made from the file's name. Raises ReadingError, which
    names the file, the line where there is one, and the reason.
    """
    ending = PurePath(name).suffix.lower()
    reader = READERS.get(ending, plain.read if not ending else None)
    if reader is plain.read and _A_PAGE.match(data[:1000]):
        reader = html.read
    if reader is None:
        known = ", ".join(READERS)
        raise ReadingError(name, f"Files that end in {ending} cannot be read. These can: {known}.")
    return _titled(name, lambda: reader(data))


def read_pasted(text: str, *, name: str) -> ReadDocument:
    """The document in a text that somebody typed or pasted. Raises ReadingError."""
    return _titled(name, lambda: plain.of(text, reader="pasted"))


def _titled(name: str, reading: Callable[[], ReadDocument]) -> ReadDocument:
    with in_words(name):
        document = reading()
    if not document.text:
        raise ReadingError(name, "There is no text in it.")
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
