"""Markdown: the words without the markup, and the front matter as metadata."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.text import canonical

from . import plain
from .dates import first_date
from .guess import guess
from .markup import words_of
from .reading import Metadata, ReadDocument, decode, one_line

# The parser takes ten seconds for a megabyte of brackets; no article is this long.
_LARGEST_PARSED = 300_000
_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\n(?P<lines>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)
_FIELD = re.compile(r"(?P<name>[A-Za-z_-]+):[ \t]*(?P<value>.*)")
_FIELDS = {
    "title": "title", "headline": "title", "author": "byline", "authors": "byline",
    "byline": "byline", "publisher": "publisher", "source": "publisher", "date": "published_on",
    "published": "published_on", "url": "url", "link": "url", "canonical": "url",
    "lang": "language", "language": "language", "rights": "rights", "copyright": "rights",
    "license": "rights",
}  # fmt: skip


def read(data: bytes) -> ReadDocument:
    """The document in a Markdown file. Raises corpus.text.TextError where there is none."""
    raw, note = decode(data)
    raw = raw.replace("\r\n", "\n")
    canonical(raw)  # names the line of a NUL, which the parser would hide
    front = _FRONT_MATTER.match(raw)
    if front:
        raw = raw[front.end() :]
    if len(raw) > _LARGEST_PARSED:
        text = canonical(plain.without_links(raw))
    else:
        blocks = (block.strip() for block in _blocks(_parser().parse(raw)))
        text = canonical("\n\n".join(filter(None, blocks)))
    about = Metadata(title=_first_heading(raw, text)).or_else(guess(text))
    if front:
        about = _declared(front["lines"]).or_else(about)
    return ReadDocument(text, "markdown", about, note)


def _declared(lines: str) -> Metadata:
    """What a front matter says that a document keeps; lists and nesting are left alone."""
    said: dict[str, str] = {}
    for line in lines.splitlines():
        match = _FIELD.fullmatch(line)
        if match and (name := _FIELDS.get(match["name"].lower())):
            value = match["value"].strip().strip("\"'").strip()
            if value and value[0] not in "[{|>&*":
                said.setdefault(name, value)
    dated = first_date(said.pop("published_on", ""))
    return Metadata(published_on=dated[0] if dated else None, **said)


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _first_heading(raw: str, text: str) -> str:
    heading = re.search(
        r"^#{1,2}[ \t]++(?P<words>.+)$|^(?P<over>\S.*)\n=++[ \t]*$", raw, re.MULTILINE
    )
    if not heading:
        return ""
    line = (heading["words"] or "").rstrip(" \t#") or heading["words"] or heading["over"]
    words = _words(_parser().parseInline(line[:1000]))
    return one_line(words, 500) if one_line(words, 500) in text[:3000] else ""


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """Each block's words: a paragraph, a heading, an item of a list, a row of a table."""
    row: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield " | ".join(filter(None, row or []))
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_words([token]))
        elif token.type == "inline":
            yield _words([token])
        elif token.type in ("fence", "code_block"):
            yield token.content
        elif token.type == "html_block":
            yield words_of(token.content)


def _words(tokens: Sequence[Token]) -> str:
    """The words of inline tokens; a line break of the file is a space, as on the page."""
    words = []
    for token in tokens:
        if token.type == "softbreak":
            words.append(" ")
        elif token.type == "hardbreak":
            words.append("\n")
        elif token.type == "html_inline":
            words.append("\n" if re.match(r"<br\b", token.content, re.IGNORECASE) else "")
        elif token.children:
            words.append(_words(token.children))
        else:
            words.append(token.content)
    return "".join(words)
