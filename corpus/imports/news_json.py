"""News as JSON: ninjs 1 to 3, the NewsArticle of schema.org, and what news-please saves."""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from corpus.text import TextError

from . import exported
from .dates import machine_date
from .markup import lines_of, parsed
from .reading import Metadata, Provenance, ReadDocument, Reader, decode, one_line, whole

# A quotation mark is the second sign of any object, and no prose begins with a brace and one.
_MARK = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*+[\[{]\s*+(?=[\[{\"])(?=.*?\"(?:headlines|bodies|body_(?:text|xhtml|html|nitf|main"
    rb"|richtext)|maintext|articleBody)\"\s*+:)",
    re.DOTALL | re.IGNORECASE,
)
_RICH = ("body_xhtml", "body_html", "body_richtext", "body_nitf", "body_text", "body_main")
_MARKUP = re.compile(r"<(?:p|br|div|h\d|body|nitf|html)\b", re.IGNORECASE)


def is_news(start: bytes) -> bool:
    """Whether the file is JSON with a field that only one of these formats has."""
    return _MARK.match(start) is not None


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The stories of the file, without items that hold no text. Raises TextError."""
    raw, note = decode(whole(stream))
    try:
        value = json.loads(raw.removeprefix("\ufeff"))
    except ValueError as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise TextError("It is not valid JSON.", line) from None
    items = [_lowered(one) for one in _items(value) if isinstance(one, dict)]
    if reason := exported.too_many(len(items)):
        raise reason
    found = [made for one in items if (made := _story(one, note))]
    if not found:
        raise TextError("No item in it has a text.")
    return iter(found)


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict):
        lists = (value[key] for key in ("newsitem", "items", "@graph") if key in value)
        return next((one for one in lists if isinstance(one, list)), [value])
    return value if isinstance(value, list) else []


def _lowered(item: dict[str, Any]) -> dict[str, Any]:
    """The item with its names in small letters: versions of ninjs differ in nothing else there."""
    return {name.lower(): value for name, value in item.items()}


def _story(item: dict[str, Any], note: str) -> ReadDocument | None:
    body = _body(item)
    if not any(line.strip() for line in body):
        return None
    provider = "news-please" if "maintext" in item else "schema.org" if "articlebody" in item else "ninjs"  # fmt: skip
    about = Metadata(
        title=_title(item),
        byline=_names(item.get("by") or item.get("byline") or item.get("authors") or item.get("author")),
        publisher=_names(item.get("publisher") or item.get("infosources") or item.get("provider") or item.get("source_domain") or item.get("copyrightholder")),
        published_on=machine_date(
            _said(item, "date_publish", "datepublished", "versioncreated", "firstcreated")
        ),
        url=_said(item, "url"),
        language=_said(item, "language", "inlanguage"),
        rights=_said(item, "copyrightnotice"),
    )  # fmt: skip
    words = item.get("wordcount")
    provenance = Provenance(
        provider=provider,
        provider_id=one_line(_said(item, "uri", "guid", "identifier", "@id", "url"), 300),
        section=one_line(_said(item, "articlesection"), 300),
        declared_words=words if isinstance(words, int) else None,
    )
    return exported.document(about, body, provenance, note=note)


def _title(item: dict[str, Any]) -> str:
    heads = item.get("headlines")
    listed = [one for one in heads if isinstance(one, dict)] if isinstance(heads, list) else []
    main = [one for one in listed if one.get("role") == "main"] or listed
    said = _said(main[0], "value") if main else ""
    return said or _said(item, "headline", "headline_main", "title")


def _body(item: dict[str, Any]) -> list[str]:
    """The paragraphs, out of the richest form of the text that the item has."""
    bodies = item.get("bodies")
    listed = [one for one in bodies if isinstance(one, dict)] if isinstance(bodies, list) else []
    values = [str(one.get("value") or "") for one in listed]
    values += [_said(item, name) for name in (*_RICH, "maintext", "articlebody")]
    rich = next((one for one in values if _MARKUP.search(one)), "")
    if rich:
        return lines_of([parsed(rich)])
    return next((one for one in values if one.strip()), "").split("\n")


def _said(item: dict[str, Any], *names: str) -> str:
    found = (item.get(name) for name in names)
    return next((one.strip() for one in found if isinstance(one, str) and one.strip()), "")


def _names(value: Any) -> str:
    """A name, or names, each of which may be an object."""
    listed = value if isinstance(value, list) else [value]
    names = [one.get("name") if isinstance(one, dict) else one for one in listed[:50]]
    return one_line(", ".join(one for one in names if isinstance(one, str)), 500)


READER = Reader("news_json", "ninjs and other JSON of news", (".json",), is_news, read)
