"""A text export of ProQuest: articles between lines of underscores, each a list of labels."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from corpus.text import TextError, canonical

from . import exported
from .dates import first_date
from .reading import Metadata, Provenance, ReadDocument, Reader, decode, one_line, whole

_PROVIDER = "proquest"
_LINE = re.compile(r"^_{60}[ \t]*$", re.MULTILINE)
_MARKS = (re.compile(rb"^_{60}\s", re.MULTILINE), re.compile(rb"^ProQuest document ID:", re.MULTILINE))  # fmt: skip
_NAMES = (
    "abstract;author;author affiliation;classification;column;company / organization;company;copyright"
    ";correspondence author;country of publication;credit;database;degree;document feature;document type"
    ";document url;dateline;edition;first page;full text;identifier / keyword;identifiers / keywords;illustrations"
    ";issn;issue;language of publication;last updated;links;location;name;number of pages;pages;people;place of publication"
    ";proquest document id;publication date;publication info;publication subject;publication title;publication year;publisher"
    ";section;source type;start page;subject;subtitle;title;volume;year;word count;publication date;publication month"
)
_LABELS = frozenset(_NAMES.split(";"))
_LABEL = re.compile(r"(?P<label>[A-Za-z][A-Za-z /]{2,30}):(?:[ \t]+(?P<value>.*))?")
_BLANK = re.compile(r"\n[ \t]*\n")


def is_export(start: bytes) -> bool:
    """Whether the file is one, by its lines of underscores and its label for an article's id."""
    text = start.replace(b"\r\n", b"\n")
    return all(mark.search(text) for mark in _MARKS)


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The articles of the file. Raises TextError."""
    raw, note = decode(whole(stream))
    raw = raw.replace("\r\n", "\n").removeprefix("\ufeff")
    canonical(raw)  # names the line of a NUL
    said = [_said(piece) for piece in _LINE.split(raw)]
    articles = [one for one in said if one.get("proquest document id") or one.get("full text")]
    if reason := exported.too_many(len(articles)):
        raise reason
    if not articles:
        raise TextError("There is no article of ProQuest in it.")
    return (_article(one, note) for one in articles)


def _said(piece: str) -> dict[str, str]:
    """What stands behind each label; before the first one is the title."""
    said: dict[str, list[str]] = {"": []}
    label = ""
    for line in piece.split("\n"):
        found = _LABEL.fullmatch(line.strip()) if len(line) < 10_000 or ":" in line[:40] else None
        if found and found["label"].casefold() in _LABELS and _ends(label, said):
            label = found["label"].casefold()
            said.setdefault(label, []).append(found["value"] or "")
        else:
            said[label].append(line)
    return {label: "\n".join(lines).strip() for label, lines in said.items()}


def _ends(label: str, said: dict[str, list[str]]) -> bool:
    """Whether a label may follow here: in a full text only after an empty line."""
    return label != "full text" or not said[label][-1].strip()


def _article(said: dict[str, str], note: str) -> ReadDocument:
    dated = first_date(said.get("publication date", ""))
    source = said.get("publication title", "")
    about = Metadata(
        title=one_line(said[""] or said.get("title", ""), 500),
        byline=_authors(said.get("author", "")),
        publisher=one_line(source.partition(";")[0], 300),
        published_on=dated[0] if dated else None,
        language=exported.language(said.get("language of publication", "")),
        rights=one_line(said.get("copyright", ""), 1000),
    )
    provenance = Provenance(
        provider=_PROVIDER,
        provider_id=one_line(said.get("proquest document id", ""), 100),
        section=one_line(said.get("section", ""), 300),
        edition=one_line(said.get("edition", ""), 300),
        page=one_line(said.get("pages", "") or said.get("first page", ""), 100),
        declared_words=exported.number(said.get("word count", "")),
    )
    text = said.get("full text", "")
    body = _BLANK.split(text) if _BLANK.search(text) else text.split("\n")
    return exported.document(about, body, provenance, note=note)


def _authors(words: str) -> str:
    """Names as ProQuest writes them, `Vale, Una; Reef, Jon`, in the order of speech."""
    names = [one.strip().rstrip(".") for one in words[:2000].split(";") if one.strip()]
    turned = [" ".join(reversed([part.strip() for part in one.split(",", 1)])) for one in names]
    return one_line(", ".join(turned), 500)


READER = Reader("proquest", "ProQuest, text", (), is_export, read)
