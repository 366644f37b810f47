"""A news article in a web page: its text without the page around it, and the page's metadata."""

import json
import logging
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from corpus.text import TextError, canonical

from .guess import first_date, guess
from .markup import parsable, parsed
from .page import article, blocks_of
from .reading import Metadata, ReadDocument, decode, one_line

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})"
    rb"|<\?xml[^>]{0,100}?encoding=[\"']([\w-]{2,40})",
    re.IGNORECASE,
)
logger = logging.getLogger(__name__)

# trafilatura's time grows faster than the page; no article is this long.
_LARGEST_JUDGED = 2_000_000


def read(data: bytes) -> ReadDocument:
    """The article in a web page. Raises corpus.text.TextError where there is none."""
    found = _CHARSET.search(data[:4096])
    raw, note = decode(data, (found[1] or found[2]).decode() if found else "")
    canonical(raw)  # names the line of a NUL, which the parser would hide
    tree = parsed(raw)
    about = _metadata(tree)
    judged = _judged(raw) if len(raw) <= _LARGEST_JUDGED else ""
    text = canonical("\n\n".join(block.text for block in article(list(blocks_of(tree)), judged)))
    if not text:
        raise TextError("The page has no text to read. Perhaps scripts put it there.")
    return ReadDocument(text, "html", about.or_else(guess(text)), note)


def _judged(raw: str) -> str:
    """What trafilatura takes for the article, a paragraph a line; empty where it finds none."""
    # Imported here: 20 MB that a server which reads no web pages need not hold.
    from trafilatura import extract

    try:
        return extract(parsable(raw).encode(), fast=True, include_comments=False) or ""
    except Exception:
        # It stumbles over some broken pages in ways of its own; we can do without its judgement.
        logger.warning("trafilatura failed on a page", exc_info=True)
        return ""


# --- metadata ------------------------------------------------------------------------------------

_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Report)$")
_DEEPEST = 2_000


def _metadata(tree: HtmlElement) -> Metadata:
    """What the page declares: JSON-LD first, then meta elements, then marked-up elements."""
    data = next(_articles(tree), {})
    meta = _meta(tree)

    def first(*names: str) -> str:
        return next((meta[name] for name in names if meta.get(name)), "")

    headlines = [_text(element) for element in tree.xpath("//h1")[:20]]
    title = _said(data.get("headline")) or first("og:title", "twitter:title", "dc.title")
    titles = [headline for headline in headlines if headline and title.startswith(headline)]
    site = _name(data.get("publisher")) or first("og:site_name", "dc.publisher")
    if not title and len(set(headlines)) == 1:
        title = headlines[0]
    byline = _name(data.get("author")) or first("author", "dc.creator", "byl", "article:author")
    if not byline or byline.startswith(("http", "www.")):
        byline = _first_text(tree, "//*[@itemprop='author' or @rel='author']")
    dates = [
        _said(data.get("datePublished")),
        first(
            "article:published_time",
            "datepublished",
            "date",
            "pubdate",
            "dc.date",
            "dc.date.issued",
        ),
        *tree.xpath(
            "//*[@itemprop='datePublished']/@datetime | //*[@itemprop='datePublished']/@content"
        ),
        *tree.xpath("//article//time/@datetime")[:1],
    ]
    links = tree.xpath("//link[@rel='canonical']/@href")[:1]
    language = str(
        tree.get("lang") or tree.get("xml:lang") or first("content-language", "og:locale")
    )
    return Metadata(
        title=titles[0] if titles else title or _page_title(tree, site),
        byline=re.sub(r"^by\s+", "", byline, flags=re.IGNORECASE),
        publisher=site,
        published_on=next((d[0] for date in dates if (d := first_date(str(date)))), None),
        url=next((u for u in [*map(str, links), first("og:url"), _said(data.get("url"))] if u), ""),
        language=language.replace("_", "-").strip(),
        rights=first("copyright", "dc.rights", "rights"),
    ).tidied()


def _meta(tree: HtmlElement) -> dict[str, str]:
    """The page's meta elements by their names in lower case; of several the first."""
    found: dict[str, str] = {}
    for element in tree.xpath("//meta[@content]")[:1000]:
        name = element.get("property") or element.get("name") or element.get("http-equiv") or ""
        found.setdefault(name.strip().lower(), element.get("content", "").strip())
    return found


def _articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects of the page that describe an article."""
    for script in tree.xpath("//script[@type='application/ld+json']")[:50]:
        try:
            pending = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_DEEPEST):
            if not pending:
                break
            value = pending.pop(0)
            if isinstance(value, list):
                pending.extend(value)
            elif isinstance(value, dict):
                kinds = value.get("@type")
                if any(
                    map(
                        _ARTICLE_TYPE.search,
                        map(str, kinds if isinstance(kinds, list) else [kinds]),
                    )
                ):
                    yield value
                pending.extend(v for v in value.values() if isinstance(v, dict | list))


def _said(value: object) -> str:
    """A string of JSON-LD as text; anything else is not said."""
    if isinstance(value, list) and value:
        value = value[0]
    return one_line(unescape(value), 2000) if isinstance(value, str) else ""


def _name(value: object) -> str:
    """The names of people or organisations in JSON-LD, which may be strings, objects or lists."""
    values = value if isinstance(value, list) else [value]
    names = [_said(one.get("name") if isinstance(one, dict) else one) for one in values[:20]]
    return ", ".join(dict.fromkeys(name for name in names if name and not name.startswith("http")))


def _text(element: HtmlElement) -> str:
    return one_line(str(element.text_content())[:5000], 500)


def _first_text(tree: HtmlElement, path: str) -> str:
    return next((text for element in tree.xpath(path)[:5] if (text := _text(element))), "")


def _page_title(tree: HtmlElement, site: str) -> str:
    """The <title>, without the name of the site that most pages add."""
    title = _first_text(tree, "//head/title")
    if site:
        title = re.sub(rf"\s+[|–—-]\s+{re.escape(site)}\s*$", "", title, flags=re.IGNORECASE)
    return title.rpartition(" | ")[0] or title
