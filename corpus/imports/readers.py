"""Which reader reads which file."""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath

from corpus.text import TextError

from . import (
    agencies,
    databases,
    europresse,
    factiva,
    factiva_xml,
    html,
    markdown,
    mhtml,
    news_json,
    nexis_docx,
    nexis_html,
    nexis_text,
    plain,
    proquest,
)
from .reading import FIRST_BYTES, ReadDocument, Reader, ReadingError, one_line

# In the order in which they are named to people; the content is shown to the last one first.
READERS: tuple[Reader, ...] = (
    plain.READER,
    markdown.READER,
    html.READER,
    mhtml.READER,
    nexis_text.READER,
    nexis_docx.READER,
    nexis_html.READER,
    factiva.READER,
    factiva_xml.READER,
    proquest.READER,
    europresse.READER,
    agencies.READER,
    news_json.READER,
)
ENDINGS = tuple(ending for reader in READERS for ending in reader.endings)
logger = logging.getLogger(__name__)


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
        reader = reader_of(data, name)
        found = [_titled(document, name) for document in reader.read(io.BytesIO(data))]
    if not found:
        raise ReadingError(name, "There is no text in it.")
    return found


def reader_of(data: bytes, name: str) -> Reader:
    """The reader of this file. Raises TextError, in words, where there is none."""
    start = data[:FIRST_BYTES]
    known = next((one for one in reversed(READERS) if one.begins(start) or one.holds(data)), None)
    # Databases export web pages too, none of which is one article.
    if known in (None, html.READER) and (reason := databases.refusal(data)):
        raise TextError(reason)
    ending = PurePath(name).suffix.lower()
    if known is None and not ending:
        return plain.READER
    found = known or next((reader for reader in READERS if ending in reader.endings), None)
    if found is None:
        endings = ", ".join(ENDINGS)
        raise TextError(f"Files that end in {ending} cannot be read. These can: {endings}.")
    return found


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
