"""What a page's linked data (JSON-LD) says of its article."""

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from .reading import one_line

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|ReportageNewsArticle|LiveBlogPosting)$")
_SCRIPTS = "//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]"
_MOST = 3000

type Thing = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Linked:
    """The objects of a page's linked data, in order, the outer ones first."""

    things: tuple[Thing, ...] = ()
    by_id: dict[str, Thing] = field(default_factory=dict)

    @property
    def articles(self) -> Iterator[Thing]:
        """Those that describe an article."""
        return (thing for thing in self.things if is_a(thing, _ARTICLE))

    def article(self, headlines: frozenset[str]) -> Thing:
        """The one that describes this page's article: of several the one with its headline."""
        some = list(self.articles)
        for thing in some:
            if said(thing.get("headline") or thing.get("name")).casefold() in headlines:
                return thing
        return some[0] if some else {}

    def whole(self, value: object) -> list[object]:
        """What a value stands for: each of a list, and what an @id refers to."""
        if isinstance(value, dict) and "@list" in value:
            value = value["@list"]
        values = value if isinstance(value, list) else [value]
        return [
            {**self.by_id.get(str(one.get("@id", "")), {}), **one} if isinstance(one, dict) else one
            for one in values[:30]
        ]

    def names(self, value: object) -> Iterator[tuple[str, bool]]:
        """The names of people or organisations, and whether each is said to be an organisation."""
        for one in self.whole(value):
            kinds = isinstance(one, dict) and is_a(one, re.compile("Organization$"))
            name = one.get("name") or one.get("@id") if isinstance(one, dict) else one
            for word in name if isinstance(name, list) else [name]:
                text = said(word)
                if text and not re.match(r"https?:|#|_:|/", text):
                    yield text, bool(kinds)


def is_a(thing: Thing, kind: re.Pattern[str]) -> bool:
    """Whether the type of the object, or one of its types, is of the kind."""
    kinds = thing.get("@type")
    return any(kind.search(str(one)) for one in (kinds if isinstance(kinds, list) else [kinds]))


def said(value: object) -> str:
    """A string as text; anything else is not said."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict) and "@value" in value:
        value = value["@value"]
    return one_line(unescape(value), 2000) if isinstance(value, str) else ""


def linked_data(tree: HtmlElement) -> Linked:
    """The linked data of the page; what is broken is left out."""
    pending: deque[object] = deque()
    for script in tree.xpath(_SCRIPTS)[:50]:
        raw = re.sub(
            r"^\s*(?:<!--|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>)\s*;?\s*$", "", script.text or ""
        )
        try:
            pending.append(json.loads(raw, strict=False))
        except (ValueError, RecursionError):
            continue
    things: list[Thing] = []
    by_id: dict[str, Thing] = {}
    for _ in range(_MOST):
        if not pending:
            break
        value = pending.popleft()
        if isinstance(value, list):
            pending.extend(value[:_MOST])
        elif isinstance(value, dict):
            things.append(value)
            name = value.get("@id")
            if isinstance(name, str) and len(value) > 1:
                by_id[name] = {**value, **by_id.get(name, {})}
            pending.extend(v for v in value.values() if isinstance(v, dict | list))
    return Linked(tuple(things), by_id)
