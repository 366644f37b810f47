"""A web page that Europresse exports, as it was and as it is since 2014."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from corpus.text import TextError, canonical

from . import exported
from .dates import first_date
from .html import decoded
from .markup import lines_of, marked_lines, parsed, with_class
from .names import is_weekday
from .reading import Metadata, Provenance, ReadDocument, Reader, one_line

_PROVIDER = "europresse"
_MARK = re.compile(rb"class=[\"']?(?:DocPublicationName|titreArticleVisu)\b", re.IGNORECASE)
_NUMBER = re.compile(r"news[·.]\d{8}[·.]\w{1,12}[·.]\w{1,40}")
_ISSUE = re.compile(r",? n[o°]\.? ?\d[\w. -]{0,20}$", re.IGNORECASE)
_PAGE = re.compile(r"\bp\. ?(?P<page>[\w -]{1,12})")
_FOOT = re.compile(r"(?:©|\(c\) |Numéro de document|Document number)", re.IGNORECASE)


def is_export(start: bytes) -> bool:
    """Whether the page is one, by the classes of its heads."""
    return _MARK.search(start) is not None


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The articles of the page. Raises TextError."""
    raw, note = decoded(stream)
    canonical(raw)  # names the line of a NUL
    tree = parsed(raw)
    articles = [one for one in tree.iter("article") if with_class(one, "DocPublicationName")]
    cells = [] if articles else _cells(tree)
    if reason := exported.too_many(len(articles) + len(cells)):
        raise reason
    if not articles and not cells:
        raise TextError("There is no article of Europresse in it.")
    yield from (_new(one, note) for one in articles)
    yield from (_old(one, note) for one in cells)


def _cells(tree: etree._Element) -> list[etree._Element]:
    """The cell of each article of the old form: the parent of what names its source."""
    names = with_class(tree, "DocPublicationName")
    parents = (name.getparent() for name in names)
    return [one for one in parents if one is not None]


def _new(article: etree._Element, note: str) -> ReadDocument:
    titles = with_class(article, "titreArticleVisu") or with_class(article, "titreArticle")
    authors = with_class(article, "docAuthors") or _after_title(article)
    parts = with_class(article, "docOcurrContainer") or list(article.iter("section"))
    body = lines_of(parts)
    rights = next((line for line in lines_of(article.iter("small")) if _FOOT.match(line)), "")
    return _document(article, lines_of(titles), " ".join(lines_of(authors)), body, rights, note)


def _after_title(article: etree._Element) -> list[etree._Element]:
    found = with_class(article, "titreArticle")
    following = found[0].getnext() if found else None
    return [following] if following is not None and following.tag == "div" else []


def _old(cell: etree._Element, note: str) -> ReadDocument:
    titles = lines_of(with_class(cell, "TitreArticleVisu"))
    lines = marked_lines(cell)
    title = " ".join(titles)
    at = next((n for n, (line, _) in enumerate(lines) if titles and line == title), -1)
    after = lines[at + 1 :]
    author = ""
    # An author stands alone on a line, the text's paragraphs are closed otherwise.
    if at >= 0 and len(after) > 1 and after[0][1][:1] == ("br",) and "p" in after[0][1]:
        author, after = after[0][0], after[1:]
    end = next((n for n, (line, _) in enumerate(after) if _FOOT.match(line)), len(after))
    rights = after[end][0] if end < len(after) else ""
    return _document(cell, titles, author, [line for line, _ in after[:end]], rights, note)


def _document(
    element: etree._Element, titles: list[str], author: str, body: list[str], rights: str, note: str
) -> ReadDocument:
    heads = with_class(element, "DocHeader")
    header = " ".join("".join("".join(map(str, one.itertext())) for one in heads).split())
    dated = first_date(header)
    before = header[: dated[1][0]] if dated else ""
    sections = [one.strip() for one in before.split(",")]
    page = _PAGE.search(header[dated[1][1] :][:100]) if dated else None
    number = next((one[0] for line in lines_of([element]) if (one := _NUMBER.search(line))), "")
    name = " ".join(lines_of(with_class(element, "DocPublicationName")[:1]))
    about = Metadata(
        title=" ".join(titles),
        byline=exported.byline(author),
        publisher=_ISSUE.sub("", name[:500]).strip(),
        published_on=dated[0] if dated else None,
        rights=one_line(rights, 1000) if not rights.startswith("Num") else "",
    )
    provenance = Provenance(
        provider=_PROVIDER,
        provider_id=number,
        section=", ".join(one for one in sections if one and not is_weekday(one)),
        page=page["page"].strip() if page else "",
    )
    return exported.document(about, body, provenance, reader="html", note=note)


READER = Reader("europresse", "Europresse", (), is_export, read)
