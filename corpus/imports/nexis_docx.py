"""A Word export of Nexis Uni or Lexis Advance: each article stands behind a numbered bookmark."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree

from corpus.text import TextError

from . import exported, nexis
from .reading import ReadDocument, Reader, never, whole
from .xml import NO_DECLARATIONS, refuse_declarations

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TEXT = "word/document.xml"
_LINKS = "word/_rels/document.xml.rels"
_STARTS = re.compile(r"Bookmark_\d+")
_BODY = re.compile(r"Body(?:_\d+)?")
_ITEM = re.compile(r"urn:contentItem:(?P<id>[\w-]{8,40})")
_IN_COVER = re.compile(r"\d{1,5}\.")
_MARKED = re.compile(rb"w:name=\"Bookmark_\d")
# A hundred articles take some 10 MB of markup, and shrink to a twentieth in the archive.
_MOST_MEMBERS = 5_000
_MOST_UNPACKED = 60 * 1024 * 1024
_LOOKED_AT = 2_000_000


@dataclass(slots=True)
class _Lines:
    """The paragraphs of a stretch of the file, the bookmark of the body, and what is linked."""

    lines: list[str] = field(default_factory=list)
    body_from: int | None = None
    links: list[tuple[int, str]] = field(default_factory=list)


def is_export(data: bytes) -> bool:
    """Whether the file is one: an office document with the bookmarks of Nexis in it."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_TEXT) as file:
            words = file.read(_LOOKED_AT)
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError, RuntimeError, zlib.error):
        return False
    return _MARKED.search(words) is not None or b"urn:contentItem:" in words


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The articles of the file. Raises TextError where it is broken, or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(whole(stream))) as archive:
            text, links = _member(archive, _TEXT), _member(archive, _LINKS)
    except TextError:
        raise
    except (zipfile.BadZipFile, KeyError, EOFError, ValueError, RuntimeError, zlib.error):
        raise TextError("The Word document is broken: export it again.") from None
    ids = _ids(links)
    cover, *articles = _parts(text)
    if reason := exported.too_many(len(articles)):
        raise reason
    if not articles:
        told = (
            "It is no export of Nexis, and other Word documents are not read yet: save it as text."
        )
        raise TextError(told)
    listed = _listed(cover, ids)
    in_cover = listed if len(listed) == len(articles) else [""] * len(articles)
    for part, fallback in zip(articles, in_cover, strict=True):
        yield nexis.article(
            part.lines, body_from=part.body_from, provider_id=_own_id(part, ids) or fallback
        )


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise TextError(f"The Word document has {len(members):,} parts, too many to be one.")
    if name == _LINKS and name not in archive.namelist():
        return b""
    with archive.open(name) as file:
        data = file.read(_MOST_UNPACKED + 1)
    if len(data) > _MOST_UNPACKED:
        raise TextError("The Word document unpacks to more than it may: export fewer articles.")
    refuse_declarations(data)
    return data


def _ids(links: bytes) -> dict[str, str]:
    """The id of the article that a link leads to, by the name of the link."""
    if not links:
        return {}
    try:
        relations = etree.fromstring(links, etree.XMLParser(**NO_DECLARATIONS))
    except etree.XMLSyntaxError:
        return {}
    found = ((one.get("Id", ""), _ITEM.search(one.get("Target", ""))) for one in relations)
    return {name: item["id"] for name, item in found if item}


def _parts(text: bytes) -> list[_Lines]:
    """The cover, which may be empty, and each article. The tree is thrown away as it is read."""
    parts = [_Lines()]
    seen: set[str] = set()
    line: list[str] = []
    tags = [f"{_W}{name}" for name in ("p", "t", "tab", "br", "bookmarkStart", "hyperlink")]
    try:
        for _, element in etree.iterparse(io.BytesIO(text), tag=tags, **NO_DECLARATIONS):
            here = parts[-1]
            match element.tag.removeprefix(_W):
                case "t":
                    line.append(element.text or "")
                case "tab" | "br":
                    line.append(" ")
                case "hyperlink":
                    here.links.append((len(here.lines), element.get(f"{_R}id", "")))
                case "bookmarkStart":
                    name = element.get(f"{_W}name", "")
                    if _STARTS.fullmatch(name) and name not in seen:
                        seen.add(name)
                        parts.append(_Lines())
                    elif _BODY.fullmatch(name) and here.body_from is None:
                        # The paragraph that holds it says only `Body`.
                        here.body_from = len(here.lines) + 1
                case _:
                    here.lines.append("".join(line))
                    line.clear()
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
    except etree.XMLSyntaxError:
        raise TextError("The Word document is broken: export it again.") from None
    return parts


def _listed(cover: _Lines, ids: dict[str, str]) -> list[str]:
    """The ids of the articles in the order in which the cover numbers them."""
    numbered = {n for n, line in enumerate(cover.lines) if _IN_COVER.match(line.strip())}
    by_line = {n: ids[name] for n, name in reversed(cover.links) if n in numbered and name in ids}
    return [by_line.get(n, "") for n in sorted(numbered)]


def _own_id(part: _Lines, ids: dict[str, str]) -> str:
    """The id that the title links to."""
    head = part.body_from if part.body_from is not None else len(part.lines)
    return next((ids[name] for place, name in part.links if place < head and name in ids), "")


READER = Reader("nexis_docx", "Nexis, Word", (".docx",), never, read, is_export)
