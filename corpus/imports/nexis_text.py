"""A text export of the old nexis.com: several articles in one file, each with a labelled head."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from corpus.text import TextError, canonical

from . import exported
from .dates import first_date
from .nexis import PROVIDER
from .reading import (
    FIRST_BYTES,
    Metadata,
    Provenance,
    ReadDocument,
    Reader,
    ReaderName,
    decode,
    one_line,
    whole,
)

_NUMBER = re.compile(
    r"^[ \t]*(?:(?P<en>\d+) of (?P<of>\d+) DOCUMENTS?|Dokument (?P<de>\d+) von \d+"
    r"|Document (?P<fr>\d+) de \d+)[ \t]*$",
    re.MULTILINE,
)
_LABEL = re.compile(r"(?P<label>[A-ZÄÖÜÉ][A-ZÄÖÜÉ-]{3,24}):[ \t]*(?P<value>.*)")
_BYLINES = frozenset(["BYLINE", "AUTOR", "AUTEUR"])
_LENGTHS = frozenset(["LENGTH", "LÄNGE", "LONGUEUR"])
_SECTIONS = ("SECTION", "RUBRIK", "RUBRIQUE")
_LANGUAGES = ("LANGUAGE", "SPRACHE", "LANGUE")
_HEAD_ENDS = _LENGTHS | {"HIGHLIGHT", "DATELINE", "ENCART", "SERIES"}
_TAIL = frozenset(
    [
        "LOAD-DATE",
        "LANGUAGE",
        "GRAPHIC",
        "PUBLICATION-TYPE",
        "SUBJECT",
        "UPDATE",
        "SPRACHE",
        "LANGUE",
        "DATUM",
        "PUBLIKATIONSART",
        "TYPE-PUBLICATION",
        "CORRECTION-DATE",
        "JOURNAL-CODE",
        "CORRECTION",
        "SUJET",
        "DATE-CHARGEMENT",
        "LOCALISATION-GEO",
    ]
)
_COPYRIGHT = re.compile(r"^[ \t]*(?:Copyright|©)[^\n]*\d{4}", re.MULTILINE | re.IGNORECASE)


def is_export(start: bytes) -> bool:
    """Whether the file is one: numbered articles, or one with a head and a tail of its labels."""
    text = start[:FIRST_BYTES].decode(errors="replace").replace("\r\n", "\n")
    labels = {match["label"] for line in text.split("\n") if (match := _LABEL.fullmatch(line))}
    if not labels & _LENGTHS or not labels & (_TAIL | _BYLINES):
        return False
    return bool(_NUMBER.search(text)) or (bool(labels & _TAIL) and bool(_COPYRIGHT.search(text)))


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The articles of the file. Raises TextError where one of them has no text."""
    raw, note = decode(whole(stream))
    raw = raw.replace("\r\n", "\n").removeprefix("\ufeff")
    canonical(raw)  # names the line of a NUL
    starts = list(_NUMBER.finditer(raw))
    ends = [*(found.start() for found in starts[1:]), len(raw)]
    pieces = [(found.end(), end) for found, end in zip(starts, ends, strict=False)]
    if reason := exported.too_many(len(pieces)):
        raise reason
    line, counted = 1, 0
    for start, end in pieces or [(0, len(raw))]:
        line, counted = line + raw.count("\n", counted, start), start
        yield _article(raw[start:end], line, note)


def _article(raw: str, line: int, note: str) -> ReadDocument:
    blocks = [block for block in re.split(r"\n[ \t]*\n", raw) if block.strip()]
    if not blocks:
        raise TextError(f"The article that begins in line {line} has no text.", line)
    return article(blocks, note=note)


def article(blocks: Sequence[str], *, note: str = "", reader: ReaderName = "plain") -> ReadDocument:
    """The article of these paragraphs, from its source to its copyright, in their order.

    Raises TextError where there is nothing in it.
    """
    head, said, body = _parted(blocks)
    dated = next(
        (
            (place, found[0])
            for place, words in enumerate(head[1:4], 1)
            if (found := first_date(words))
        ),
        None,
    )
    titles = [
        words for place, words in enumerate(head) if place and (not dated or place != dated[0])
    ]
    wrote = _first(said, _BYLINES)
    notices = (_COPYRIGHT.search(one) for one in reversed(blocks))
    notice = next(filter(None, notices), None)
    about = Metadata(
        title=one_line(titles[0], 500) if titles else "",
        byline=exported.byline(wrote),
        publisher=one_line(head[0], 300) if head else "",
        published_on=dated[1] if dated else None,
        language=exported.language(_first(said, _LANGUAGES)),
        rights=one_line(notice[0], 1000) if notice else "",
    )
    provenance = Provenance(
        provider=PROVIDER,
        section=one_line(_first(said, _SECTIONS), 300),
        declared_words=exported.number(_first(said, _LENGTHS)),
    )
    return exported.document(about, body, provenance, reader=reader, note=note)


def _first(said: dict[str, str], labels: Iterable[str]) -> str:
    return next((said[label] for label in labels if said.get(label)), "")


def _parted(blocks: Sequence[str]) -> tuple[list[str], dict[str, str], list[str]]:
    """The unlabelled blocks of the head, what the labels say, and the body."""
    head: list[str] = []
    said: dict[str, str] = {}
    body: list[str] = []
    last_of_head = max(
        (
            place
            for place, block in enumerate(blocks)
            if (match := _LABEL.match(block.strip())) and match["label"] in _LENGTHS
        ),
        default=-1,
    )
    ended = False
    for place, block in enumerate(blocks):
        words = " ".join(block.split())
        match = _LABEL.match(words)
        if match:
            said.setdefault(match["label"], match["value"])
        if (match and match["label"] in _TAIL and place > last_of_head) or (
            _COPYRIGHT.match(block.lstrip("\n")) and place > last_of_head
        ):
            ended = True
        elif match and (place <= last_of_head or match["label"] in _HEAD_ENDS | _BYLINES):
            continue
        elif place <= last_of_head:
            head.append(words)
        elif not ended:
            body.append(block)
    return head, said, body


READER = Reader("nexis_text", "Nexis, text", (), is_export, read)
