"""A web page that Factiva exports, with or without its indexing."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO

from lxml import etree

from corpus.text import TextError, canonical

from . import exported
from .dates import first_date
from .html import decoded
from .markup import lines_of, parsed
from .reading import Metadata, Provenance, ReadDocument, Reader, one_line

PROVIDER = "factiva"
_MARK = re.compile(rb"<div[^>]{1,40}class=[\"']article \w{1,20}article\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"article (?P<tag>[a-z]{2})\w{0,18}article", re.IGNORECASE)
_ACCESSION = re.compile(r"\b[A-Z0-9]{6,8}(?:19|20)\d{6}[a-z0-9]{8,10}\b")
_WORDS = re.compile(r"\d[\d.,'’\u00a0\u202f ]{0,12}[^\W\d_]{1,20}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TIME = re.compile(r"\d{1,2}[:.]\d\d(?: ?[AaPp]\.?[Mm]\.?)?")
_CODE = re.compile(r"[A-Z0-9_]{2,10}")
_RIGHTS = re.compile(r"(?:copyright|©|\(c\))", re.IGNORECASE)
# Chinese has two scripts, and more tags than one.
_TAGS = {"zt": "zh", "zh": "zh", "jp": "ja", "ct": "zh"}


def is_export(start: bytes) -> bool:
    """Whether the page is one, by the class of its articles."""
    return _MARK.search(start) is not None


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The articles of the page. Raises TextError."""
    raw, note = decoded(stream)
    canonical(raw)  # names the line of a NUL
    tree = parsed(raw)
    articles = [one for one in tree.iter("div") if one.get("class", "").startswith("article ")]
    if reason := exported.too_many(len(articles)):
        raise reason
    if not articles:
        raise TextError("There is no article of Factiva in it.")
    for one in articles:
        yield _article(one, note)


def _article(element: etree._Element, note: str) -> ReadDocument:
    said = _indexed(element)
    heads = [one for one in element.iter("span", "b") if one.get("class", "").endswith("Headline")]
    title = " ".join(lines_of(heads[:1])) or said.get("HD", "")
    about, provenance = _by_index(said) if "SN" in said else _by_place(element, title)
    coded = _LANGUAGE.search(element.get("class", ""))
    tag = coded["tag"].lower() if coded else ""
    language = about.language or _TAGS.get(tag, tag)
    paragraphs = [one for one in element.iter("p") if "articleParagraph" in one.get("class", "")]
    whole = Metadata(title=title, language=language).or_else(about)
    return exported.document(whole, lines_of(paragraphs), provenance, reader="html", note=note)


def _indexed(element: etree._Element) -> dict[str, str]:
    """What the table says, by its labels of two or three letters."""
    said: dict[str, str] = {}
    for cell in element.iter("td"):
        value = cell.getnext()
        if "index" in cell.get("class", "").split() and value is not None:
            said.setdefault("".join(lines_of([cell])).strip(), " ".join(lines_of([value])))
    return said


def _by_index(said: dict[str, str]) -> tuple[Metadata, Provenance]:
    dated = first_date(said.get("PD", ""))
    number = _ACCESSION.search(said.get("AN", ""))
    about = Metadata(
        byline=exported.byline(said.get("BY", "")),
        publisher=said.get("SN", ""),
        published_on=dated[0] if dated else None,
        language=exported.language(said.get("LA", "")),
        rights=one_line(said.get("CY", ""), 1000),
    )
    return about, Provenance(
        provider=PROVIDER,
        provider_id=number[0] if number else "",
        section=one_line(said.get("SE", ""), 300),
        edition=one_line(said.get("ED", ""), 300),
        page=one_line(said.get("PG", ""), 100),
        declared_words=exported.number(said.get("WC", "")),
    )


def _by_place(element: etree._Element, title: str) -> tuple[Metadata, Provenance]:
    """What the bare divisions say, which follow one another in a fixed order."""
    leaves = [one for one in element.iter("div") if one.find("div") is None]
    rows = [(one.get("class", ""), " ".join(lines_of([one]))) for one in leaves]
    rows = [(name, line) for name, line in rows if line]
    lines = [line for _, line in rows]
    place = _counted(lines)
    number = next((found[0] for one in reversed(lines) if (found := _ACCESSION.search(one))), "")
    wrote = next((line for name, line in rows if "author" in name.split()), "")
    if place is None:
        return Metadata(byline=exported.byline(wrote)), Provenance(PROVIDER, number)
    after = lines[place + 2 :]
    if after and _TIME.fullmatch(after[0]):
        after = after[1:]
    before = [line for line in lines[:place] if line not in (title, wrote)]
    headed = lines.index(title) if title in lines[:place] else 0
    dated = first_date(lines[place + 1])
    about = Metadata(
        byline=exported.byline(wrote),
        publisher=after[0] if after else "",
        published_on=dated[0] if dated else None,
        language=next((tag for one in after[1:6] if (tag := exported.language(one))), ""),
        rights=next((one_line(one, 1000) for one in after[1:7] if _RIGHTS.match(one)), ""),
    )
    edition, page = _edition(after[1:6])
    return about, Provenance(
        provider=PROVIDER,
        provider_id=number,
        section=one_line(before[0], 300) if headed and before else "",
        edition=edition,
        page=page,
        declared_words=exported.number(lines[place]),
    )


def _counted(lines: Sequence[str]) -> int | None:
    """The line with the number of words, which the line with the date follows."""
    for place, (line, following) in enumerate(pairwise(lines)):
        if len(line) <= 40 and _WORDS.fullmatch(line) and _YEAR.search(following[:100]):
            return place
    return None


def _edition(after: Sequence[str]) -> tuple[str, str]:
    """Edition and page: what stands between the source's code and the language."""
    if not after or not _CODE.fullmatch(after[0]):
        return "", ""
    between: list[str] = []
    for line in after[1:]:
        if exported.language(line) or _RIGHTS.match(line):
            break
        between.append(one_line(line, 300))
    pages = [line for line in between if any(map(str.isdigit, line)) and len(line) <= 12]
    editions = [line for line in between if line not in pages]
    return editions[0] if editions else "", pages[0] if pages else ""


READER = Reader("factiva", "Factiva, web page", (), is_export, read)
