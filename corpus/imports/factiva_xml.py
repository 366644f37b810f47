"""An XML export of Factiva (PPS 2.0)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from corpus.text import TextError

from . import exported
from .dates import machine_date
from .factiva import PROVIDER
from .reading import Metadata, Provenance, ReadDocument, Reader, whole
from .xml import parsed, words

_MARK = re.compile(rb"<(?:\w{1,20}:)?ppsarticle\b|global\.factiva\.com/pps")


def is_export(start: bytes) -> bool:
    """Whether the file is one, by the name of its elements or their namespace."""
    return start[:10].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and bool(_MARK.search(start))


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The articles of the file. Raises TextError."""
    articles = list(parsed(whole(stream)).iter("article"))
    if reason := exported.too_many(len(articles)):
        raise reason
    if not articles:
        raise TextError("There is no article of Factiva in it.")
    return map(_article, articles)


def _article(element: etree._Element) -> ReadDocument:
    def said(name: str) -> str:
        return words(element.find(name))

    dated = said("publicationDate/date") or said("publicationDate/dateTime")
    about = Metadata(
        title=said("headline"),
        byline=exported.byline(said("byline")),
        publisher=said("sourceName"),
        published_on=machine_date(dated),
        language=said("baseLanguage").lower()[:2],
        rights=said("copyright"),
    )
    body = [
        words(paragraph)
        for part in ("leadParagraph", "tailParagraphs")
        for parent in element.iterfind(part)
        for paragraph in parent.iterfind("paragraph")
    ]
    provenance = Provenance(
        provider=PROVIDER,
        provider_id=said("accessionNo"),
        section=said("sectionName"),
        edition=said("edition"),
        page=said("pages"),
        declared_words=exported.number(said("wordCount")),
    )
    return exported.document(about, body, provenance)


READER = Reader("factiva_xml", "Factiva, XML", (), is_export, read)
