"""What agencies send as XML: NewsML-G2 (an item or a message), NewsML 1.2 and NITF."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from corpus.text import TextError

from . import exported
from .dates import machine_date
from .markup import lines_of, parsed
from .reading import Metadata, Provenance, ReadDocument, Reader, one_line, whole
from .xml import parsed as parsed_xml
from .xml import words

_ROOT = re.compile(
    rb"\A\W{0,3}(?:<\?xml[^>]*+>\s*+)?+(?:<!(?:--(?:(?!-->).){0,2000}+--|[^>]{0,2000}+)>\s*+)*+"
    rb"<(?:\w{1,40}:)?(?:newsItem|newsMessage|NewsML|nitf)\b",
    re.DOTALL,
)
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ESCAPED = re.compile(r"</?(?:p|br|div)\b", re.IGNORECASE)
_NOT_THE_STORY = frozenset(["media", "figure", "p"])


def is_item(start: bytes) -> bool:
    """Whether the file is one, by its first element."""
    return _ROOT.match(start) is not None


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The stories of the file, without items that hold no text, such as pictures. Raises TextError."""
    root = parsed_xml(whole(stream))
    items = list(root.iter("newsItem", "NewsItem")) or list(root.iter("nitf"))
    if reason := exported.too_many(len(items)):
        raise reason
    makers = {"newsItem": _newsml_g2, "NewsItem": _newsml_1}
    read_items = [made for one in items if (made := makers.get(str(one.tag), _nitf)(one))]
    if not read_items:
        raise TextError("No item in it has a text.")
    return iter(read_items)


def _newsml_g2(item: etree._Element) -> ReadDocument | None:
    inside = item.find("contentSet//nitf")
    content = item.find("contentSet")
    body = _body(content) if content is not None else []
    if not body:
        return None
    heads = item.findall("contentMeta/headline")
    main = [one for one in heads if one.get("role", "").endswith("main")] or heads
    language = item.find("contentMeta/language")
    makers = [item.find(path) for path in ("contentMeta/by", "contentMeta/creator/name")]
    about = Metadata(
        title=words(main[0]) if main else "",
        byline=exported.byline(next((words(one) for one in makers if one is not None), "")),
        publisher=_said(
            item, "contentMeta/infoSource/name", "itemMeta/provider/name", "rightsInfo//name"
        ),
        published_on=machine_date(_said(item, "itemMeta/versionCreated")),
        language=language.get("tag", "") if language is not None else item.get(_LANG, ""),
        rights=_said(item, "rightsInfo/copyrightNotice"),
    )
    if inside is not None:
        about = about.or_else(_of_nitf(inside))
    provenance = Provenance("newsml-g2", one_line(item.get("guid", ""), 300))
    return exported.document(about, body, provenance)


def _newsml_1(item: etree._Element) -> ReadDocument | None:
    content = next(item.iter("DataContent"), None)
    body = _body(content) if content is not None else []
    if not body:
        return None
    language = next(item.iter("Language"), None)
    party = item.find(".//Provider/Party")
    dated = _said(item, ".//ThisRevisionCreated", ".//FirstCreated", ".//DateId")
    about = Metadata(
        title=_said(item, ".//NewsLines/HeadLine"),
        byline=exported.byline(_said(item, ".//NewsLines/ByLine")),
        publisher=(party.get("FormalName", "") if party is not None else "")
        or _said(item, ".//ProviderId"),
        published_on=machine_date(dated[:8]) or machine_date(dated),
        language=language.get("FormalName", "") if language is not None else "",
        rights=_said(item, ".//NewsLines/CopyrightLine"),
    )
    provenance = Provenance("newsml", one_line(_said(item, ".//PublicIdentifier"), 300))
    return exported.document(about, body, provenance)


def _nitf(item: etree._Element) -> ReadDocument | None:
    content = next(item.iter("body.content"), None)
    body = _body(content) if content is not None else []
    if not body:
        return None
    number = item.find("head/docdata/doc-id")
    provenance = Provenance("nitf", number.get("id-string", "") if number is not None else "")
    return exported.document(_of_nitf(item), body, provenance)


def _of_nitf(item: etree._Element) -> Metadata:
    dates = [item.find("head/docdata/date.issue"), item.find("body/body.head/dateline/story.date")]
    # Some agencies write another day in the words than in the attribute, which is right.
    dated = [found for one in dates if one is not None and (found := one.get("norm", ""))]
    publication = item.find("head/pubdata")
    byline = item.find("body/body.head/byline")
    return Metadata(
        title=_said(item, "body/body.head/hedline/hl1", "head/title"),
        byline=_writer(byline) if byline is not None else "",
        publisher=_said(item, "body/body.head/distributor")
        or (publication.get("name", "") if publication is not None else ""),
        published_on=machine_date(dated[0]) if dated else None,
        language=item.get(_LANG, ""),
        rights=_said(item, "body/body.head/rights"),
    )


def _writer(byline: etree._Element) -> str:
    """The names in a byline without the title of the writer's post."""
    whole_line, post = words(byline), words(byline.find("byttl"))
    return exported.byline(whole_line.removesuffix(post).rstrip(" ,"))


def _body(content: etree._Element) -> list[str]:
    """The paragraphs of a story: of NITF, of XHTML, or of text, which may hold escaped markup."""
    inner = next(content.iter("body.content", "body"), content)
    paragraphs = [one for one in inner.iter("p", "hl2") if not _is_inside(one, inner)]
    if paragraphs:
        return lines_of(paragraphs)
    parts = list(inner.iter("inlineData")) or [inner]
    text = "\n".join("".join(map(str, one.itertext())) for one in parts)
    if not text.strip():
        return []
    return lines_of([parsed(text)]) if _ESCAPED.search(text) else text.split("\n")


def _is_inside(element: etree._Element, content: etree._Element) -> bool:
    """Whether a paragraph is part of another one, or of a picture. Few elements are around it."""
    for parent in element.iterancestors():
        if parent is content:
            return False
        if parent.tag in _NOT_THE_STORY:
            return True
    return False


def _said(item: etree._Element, *paths: str) -> str:
    return next((found for path in paths if (found := words(item.find(path)))), "")


READER = Reader("agencies", "NewsML, NITF", (".xml",), is_item, read)
