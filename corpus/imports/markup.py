"""HTML as a tree, from which no input can take more than its own document.

XML has no place for most control characters, halves of characters and noncharacters, and the parser
lets them in by reference but refuses to have them moved. So none of them reaches it.
"""

import re
from collections.abc import Iterable
from html import unescape

from lxml import etree, html
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from corpus.text import TextError

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_ILLEGAL = re.compile(f"[\x00-\x08\x0e-\x1f\ud800-\udfff{_NONCHARACTERS}]")
_REFERENCE = re.compile(r"&#(?:[xX]0*(?P<hex>[0-9a-fA-F]{1,6})|0*(?P<number>[0-9]{1,7}));?")


def parsable(raw: str) -> str:
    """The markup without what XML cannot hold, as itself or by reference."""
    raw = _ILLEGAL.sub("", raw).translate({0x0B: " ", 0x0C: " "})
    return _REFERENCE.sub(_referred, raw)


def _referred(reference: re.Match[str]) -> str:
    code = int(reference["hex"], 16) if reference["hex"] else int(reference["number"])
    if 0x80 <= code < 0xA0:
        return unescape(f"&#{code};")  # what browsers show: the Windows character
    if code < 0x110000 and (code in (0, 0x0B, 0x0C) or _ILLEGAL.match(chr(code))):
        return ""
    return reference[0]


def parsed(raw: str) -> HtmlElement:
    """The page as a tree. Raises TextError where there is nothing in it, or too deep a nesting."""
    # Bytes, because lxml refuses a str that declares an encoding.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = document_fromstring(parsable(raw).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        raise TextError("The page has no text to read.") from None
    for error in parser.error_log:
        # The parser stops there, and the rest of the page would be missing.
        if error.message.startswith("Excessive depth"):
            reason = f"Line {error.line} nests its elements more than 2,000 deep."
            raise TextError(reason, error.line)
    return tree


def words_of(markup: str) -> str:
    """The words of a piece of markup; none where it cannot be read."""
    try:
        tree = html.fragment_fromstring(parsable(markup), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError):
        return ""
    texts = tree.xpath(".//text()[not(ancestor::script or ancestor::style)]")
    return "".join(map(str, texts))


_LINE_ENDS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
_NO_WORDS = frozenset(["script", "style", "template"])


def marked_lines(element: etree._Element) -> list[tuple[str, tuple[str, ...]]]:
    """The lines of the element, each with the tags that stand between it and the next one."""
    found: list[tuple[str, tuple[str, ...]]] = []
    words: list[str] = []
    ends: list[str] = []

    def add(text: str | None) -> None:
        if not text or (not text.strip() and not words):
            return
        if ends and text.strip():
            close()
        words.append(text)

    def close() -> None:
        if line := " ".join("".join(words).split()):
            found.append((line, tuple(ends)))
        words.clear()
        ends.clear()

    for event, one in etree.iterwalk(element, events=("start", "end")):
        tag = one.tag if isinstance(one.tag, str) else ""
        if tag in _LINE_ENDS and words and (event == "start" or tag != "br"):
            ends.append(tag)
        if event == "start" and tag not in _NO_WORDS:
            add(one.text)
        elif event == "end" and one is not element:
            add(one.tail)
    close()
    return found


def lines_of(elements: Iterable[etree._Element]) -> list[str]:
    """The lines of the elements, which do not hold one another, in their order."""
    return [line for element in elements for line, _ in marked_lines(element)]


def with_class(tree: etree._Element, name: str) -> list[etree._Element]:
    """The elements of the tree that have this class, in their order."""
    return [one for one in tree.iter(etree.Element) if name in one.get("class", "").split()]
