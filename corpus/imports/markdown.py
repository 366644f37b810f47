"""Markdown: the words without the markup, and the front matter as metadata."""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.text import canonical

from . import plain
from .dates import first_date
from .guess import guess
from .markup import words_of
from .reading import Metadata, ReadDocument, Reader, decode, never, one_line, whole

# The parser takes ten seconds for a megabyte of brackets; no article is this long.
_LARGEST_PARSED = 300_000
_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\n(?P<lines>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)
_LISTED = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[^,]+)")
# What writers' programs add to Markdown: notes, links between notes, marked words.
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,60}\](?P<text>:[ \t]*)?")
_NOTE_LINK = re.compile(r"!?\[\[(?:[^\[\]|\n]{1,200}\|)?(?P<words>[^\[\]|\n]{1,200})\]\]")
_MARKED = re.compile(r"(?<![=\w])==(?=\S)(?P<words>[^=\n]{1,500})(?<=\S)==(?![=\w])")
_FIELD = re.compile(r"(?P<name>[A-Za-z_-]+):[ \t]*(?P<value>.*)")
_FIELDS = {
    "title": "title", "headline": "title", "author": "byline", "authors": "byline",
    "byline": "byline", "publisher": "publisher", "source": "publisher", "date": "published_on",
    "published": "published_on", "url": "url", "link": "url", "canonical": "url",
    "lang": "language", "language": "language", "rights": "rights", "copyright": "rights",
    "license": "rights", "by": "byline", "creator": "byline", "site": "publisher",
    "publication": "publisher", "website": "publisher", "date_published": "published_on",
    "published_on": "published_on", "pubdate": "published_on", "created": "published_on",
    "permalink": "url", "original_url": "url", "source_url": "url",
}  # fmt: skip


def read(stream: BinaryIO) -> Iterator[ReadDocument]:
    """The document in a Markdown file. Raises corpus.text.TextError where there is none."""
    raw, note = decode(whole(stream))
    raw = raw.replace("\r\n", "\n")
    canonical(raw)  # names the line of a NUL, which the parser would hide
    front = _FRONT_MATTER.match(raw)
    if front:
        raw = raw[front.end() :]
    raw = _NOTE_LINK.sub(r"\g<words>", _NOTE_MARK.sub("", raw))
    raw = _MARKED.sub(r"\g<words>", raw)
    if len(raw) > _LARGEST_PARSED:
        text = canonical(plain.without_links(raw))
    else:
        blocks = (block.strip() for block in _blocks(_parser().parse(raw)))
        text = canonical("\n\n".join(filter(None, blocks)))
    about = Metadata(title=_first_heading(raw, text)).or_else(guess(text))
    if front:
        about = _declared(front["lines"]).or_else(about)
    yield ReadDocument(text, "markdown", about, note)


def _declared(lines: str) -> Metadata:
    """What a front matter says that a document keeps; deeper nesting is left alone."""
    said: dict[str, str] = {}
    for name, values in _fields(lines.splitlines()):
        if (kept := _FIELDS.get(name.lower().replace("-", "_"))) and any(values):
            said.setdefault(kept, ", ".join(filter(None, values)))
    dated = first_date(said.pop("published_on", ""))
    return Metadata(published_on=dated[0] if dated else None, **said)


def _fields(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The names of a front matter with their values: a word, a list, or a text that is folded."""
    place = 0
    while place < len(lines):
        match = _FIELD.fullmatch(lines[place])
        place += 1
        if not match:
            continue
        begun = place
        while place < len(lines) and (
            not lines[place].strip() or lines[place][0] in " \t" or lines[place].startswith("- ")
        ):
            place += 1
        value, deeper = match["value"].strip(), [line.strip() for line in lines[begun:place]]
        if not re.match(r"[\"']", value):
            value = re.sub(r"(?:^|\s)#.*$", "", value).strip()
        if re.fullmatch(r"[|>][+-]?\d?", value):
            yield match["name"], [" ".join(filter(None, deeper))]
        elif value.startswith("[") and value.endswith("]"):
            yield match["name"], [_bare(one) for one in _LISTED.findall(value[1:-1])]
        elif value and value[0] not in "[{&*":
            plain_words = [line for line in deeper if line]
            yield match["name"], [_bare(" ".join([value, *plain_words]))]
        elif not value:
            items = [line[1:].strip() for line in deeper if re.match(r"-(?:\s|$)", line)]
            yield match["name"], [_item(item) for item in items]


def _bare(value: str) -> str:
    """A value without the quotation marks around it."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].strip()
    return value


def _item(item: str) -> str:
    """An item of a list; of one that has fields its name."""
    named = re.match(r"(?:name|title):\s*(.+)", item)
    return _bare(named[1] if named else "" if re.match(r"\w+:\s", item) else item)


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


READER = Reader("markdown", "Markdown", (".md", ".markdown"), never, read)
