"""What every import format shares: a document as it was read, and bytes as text."""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from io import SEEK_END
from typing import BinaryIO, Literal

import charset_normalizer

from corpus.text import TextError

MAX_BYTES = 10 * 1024 * 1024
# The style sheet of a database's page alone can have 100,000.
FIRST_BYTES = 300_000

ReaderName = Literal["plain", "markdown", "html", "pasted"]


class ReadingError(Exception):
    """A file that cannot be read as a document: which one, in which line, and why.

    `line` is counted from 1, or None where no single line is to blame.
    """

    def __init__(self, file: str, reason: str, line: int | None = None) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says about itself. Whatever it does not say is empty; nothing is invented."""

    title: str = ""
    byline: str = ""
    publisher: str = ""
    published_on: date | None = None
    url: str = ""
    language: str = ""
    rights: str = ""

    def or_else(self, other: "Metadata") -> "Metadata":
        """This, and what only the other one knows."""
        return Metadata(*(getattr(self, n) or getattr(other, n) for n in self.__slots__))

    def tidied(self) -> "Metadata":
        """Each value on one line and no longer than it can be kept; a doubtful one left out."""
        return Metadata(
            title=one_line(self.title, 500),
            byline=one_line(self.byline, 500),
            publisher=one_line(self.publisher, 300),
            published_on=self.published_on,
            url=self.url if _WEB_ADDRESS.fullmatch(self.url) and len(self.url) <= 2000 else "",
            language=self.language if _LANGUAGE_TAG.fullmatch(self.language) else "",
            rights=one_line(self.rights, 1000),
        )


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a news database or an agency has an article, and what else it prints about it.

    `provider_id` is the provider's own name of the article, which no other one has. The words are
    those of the body: as the export declares them, and as they were read. None is not known.
    """

    provider: str = ""
    provider_id: str = ""
    section: str = ""
    edition: str = ""
    page: str = ""
    declared_words: int | None = None
    parsed_words: int | None = None


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as a reader found it: canonical text, and what the file says about itself.

    `note` is for the person who imports, where the reader had to guess.
    """

    text: str
    reader: ReaderName
    about: Metadata
    note: str = ""
    provenance: Provenance = Provenance()


def never(start: bytes) -> bool:
    """Of a format that nothing but its ending tells."""
    return False


@dataclass(frozen=True, slots=True)
class Reader:
    """A format that comes in.

    `begins` tells it by a file's first bytes (FIRST_BYTES of them) and is sure where it says so;
    `holds` by the whole file, for a format whose table of contents stands at its end; `endings`,
    with their dots, are asked where no reader knows the content. `read` gives each article of the
    file, from a stream that can seek, and raises corpus.text.TextError.
    """

    key: str
    name: str
    endings: tuple[str, ...]
    begins: Callable[[bytes], bool]
    read: Callable[[BinaryIO], Iterator[ReadDocument]]
    holds: Callable[[bytes], bool] = never


# --- metadata ------------------------------------------------------------------------------------

_WEB_ADDRESS = re.compile(r"https?://[^\s/?#@]+\.[^\s<>\"]+", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
# Control characters, direction overrides and halves of characters have no place in a title.
_NOT_IN_A_LINE = ("Cc", "Cs", "Co", "Cn")
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(value: str, limit: int) -> str:
    """The value on one line of at most `limit` characters, cut at a word where it must be."""
    if len(value) > 20 * limit:
        value = value[: 20 * limit]
    line = " ".join(value.split())
    if not line.isprintable():
        line = _kept(value)
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    whole_words = head.rpartition(" ")[0]
    return (whole_words if len(whole_words) > limit // 2 else head).rstrip(" ,;:–—-") + "…"


def _kept(value: str) -> str:
    """The value on one line, without what has no place there."""
    kept = (
        " " if character.isspace() else character
        for character in value
        if character.isspace()
        or not (unicodedata.category(character) in _NOT_IN_A_LINE or character in _DIRECTIONS)
    )
    return " ".join("".join(kept).split())


# --- bytes as text -------------------------------------------------------------------------------

_BINARY = {
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\xd0\xcf\x11\xe0": "an old Word document",
    b"{\\rtf": "a rich text file (RTF)",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}
_BYTE_ORDER_MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
# What browsers read when a page says the left, because that is what is there.
_MEANT = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
# Polish or Czech read as Western European has a sign such as ¿ or ³ inside a word.
_SIGN_IN_A_WORD = re.compile(r"[^\W\d_][¡-¦¨©¬-±´¶¸»-¿×÷¹²³ªº]+[^\W\d_]")
_MOSTLY_ASCII = 0.4


def whole(stream: BinaryIO) -> bytes:
    """Everything in the stream. Raises TextError, before reading it, where it is too large."""
    size = stream.seek(0, SEEK_END)
    if size > MAX_BYTES:
        raise TextError(too_large(size))
    stream.seek(0)
    return stream.read()


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """The bytes as text, and a note for the reader where their encoding was guessed.

    Tried in turn: the byte order mark, UTF-8, the encoding that the file declares, Western
    European, what charset-normalizer finds. Raises TextError, in words, for what is too large,
    empty, binary, broken or in no encoding we know.
    """
    if len(data) > MAX_BYTES:
        raise TextError(too_large(len(data)))
    if not data.strip():
        raise TextError("The file is empty.")
    for magic, kind in _BINARY.items():
        if data.startswith(magic):
            raise TextError(f"This is {kind}. Text, Markdown and HTML can be imported.")
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding), ""
    if b"\0" in data:
        return _without_mark(data), ""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return _other_than_utf8(data, declared, error)
    if len(_CONTROLS.findall(text)) > len(text) / 20:
        raise TextError("This is not text: one character in twenty is a control character.")
    return text, ""


def too_large(size: int) -> str:
    return (
        f"The file has {size / 2**20:.0f} MB. A document may have {MAX_BYTES // 2**20} MB: "
        "split it, or leave out what is not text."
    )


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = len(data[: error.start].decode(encoding, errors="ignore").splitlines()) or 1
        raise TextError(
            f"Line {line} is not valid {encoding.upper()}, though the file begins as if it were.",
            line,
        ) from None


def _without_mark(data: bytes) -> str:
    """UTF-16 without its byte order mark, where every second byte of ASCII is a NUL."""
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        nuls = data[first::2].count(0)
        if len(data) % 2 == 0 and nuls > len(data) / 4 and not data[1 - first :: 2].count(0):
            return _strictly(data, encoding)
    line = _line_of(data, data.index(b"\0"))
    raise TextError(f"Line {line} holds a NUL byte, so this is not a text file.", line)


def _other_than_utf8(data: bytes, declared: str, error: UnicodeDecodeError) -> tuple[str, str]:
    lossy = data.decode(errors="replace")
    broken = lossy.count("\ufffd")
    if sum(not character.isascii() for character in lossy) - broken > 4 * broken:
        return _mended(data, error)
    for encoding in (declared, _guessed(data)):
        try:
            name = codecs.lookup(encoding).name
            text = data.decode(_MEANT.get(name, name))
        except (LookupError, UnicodeError):
            continue
        if not _CONTROLS.search(text):
            note = (
                "" if encoding == declared else f"The encoding was guessed ({name}): check accents."
            )
            return text, note
    line = _line_of(data, error.start)
    raise TextError(
        f"Line {line} is not valid UTF-8 (byte {data[error.start]:#04x}), and no other encoding "
        "fits. Save the file as UTF-8.",
        line,
    )


_MOST_NAMED = 3


def _mended(data: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    """UTF-8 with some broken bytes in it, each read as what it most likely was, and a note."""
    pieces: list[str] = []
    lines: dict[int, str] = {}
    start = 0
    while True:
        pieces.append(data[start : error.start].decode())
        broken = data[error.start : max(error.end, error.start + 1)]
        # A single byte among ASCII is a Western letter; half a character is lost.
        western = broken.decode("cp1252", errors="replace") if len(broken) == 1 else ""
        alone = not (data[error.end : error.end + 1] or b"a")[0] & 0x80
        shown = western if western.isalpha() and alone and broken[0] >= 0xC0 else "\ufffd"
        pieces.append(shown)
        line = _line_of(data, error.start)
        lines.setdefault(line, f"line {line} (byte {broken[0]:#04x}, read as {shown})")
        start = max(error.end, error.start + 1)
        try:
            pieces.append(data[start:].decode())
            break
        except UnicodeDecodeError as following:
            error = UnicodeDecodeError(
                "utf-8", data, start + following.start, start + following.end, following.reason
            )
    named = ", ".join([*lines.values()][:_MOST_NAMED])
    more = f" and {len(lines) - _MOST_NAMED} more lines" if len(lines) > _MOST_NAMED else ""
    return "".join(pieces), f"Not valid UTF-8 in {named}{more}: check these words."


def _guessed(data: bytes) -> str:
    try:
        western = data.decode("cp1252")
    except UnicodeDecodeError:
        western = ""
    letters = sum(map(str.isalpha, western))
    accented = sum(c.isalpha() and not c.isascii() for c in western)
    if western and accented < _MOSTLY_ASCII * letters and not _SIGN_IN_A_WORD.search(western):
        return "cp1252"
    best = charset_normalizer.from_bytes(data).best()
    return best.encoding if best else ""
