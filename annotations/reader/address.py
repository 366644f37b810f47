"""Where the reading page is: what its address says, the addresses around it, what its documents are called."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, Self

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from annotations.naming import Known, apart, cut, headings, names
from corpus import windows
from corpus.http import as_number
from corpus.models import Collection, Document
from corpus.windows import Window

from .pieces import Mark

MOST = 4  # documents side by side
LAYERS = ("changes", "claims")
_PLACE = re.compile(r"(s|p|block)-(\d{1,18})-(\d{1,9})")


class TooManyDocuments(Http404):
    """More documents were asked for than fit side by side."""


@dataclass(frozen=True, slots=True)
class Params:
    """What the address of the page says: which documents, which layers, which marks."""

    documents: tuple[int, ...] = ()
    layers: tuple[str, ...] = LAYERS
    coder: str = ""
    code: str = ""
    claim: str = ""
    fade: bool = False
    unfolded: frozenset[str] = frozenset()  # blocks whose margin shows every mark
    at: str = ""  # the sentence (s-1-20) or paragraph (p-1-5) that a long document is opened at

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """Raises Http404 where the address names no document, TooManyDocuments above MOST."""
        named = query.getlist("d")
        documents = tuple(dict.fromkeys(map(as_number, named)))
        if 0 in documents:
            raise Http404("A document is named by its number.")
        if len(documents) > MOST:
            raise TooManyDocuments
        layer = query.get("layer", "")
        return cls(
            documents=documents,
            layers=tuple(name for name in LAYERS if layer in ("", name)),
            coder=query.get("coder", ""),
            code=query.get("code", ""),
            claim=query.get("claim", ""),
            fade=query.get("fade") == "1",
            unfolded=frozenset(query.getlist("open")),
            at=at if _PLACE.fullmatch(at := query.get("at", "")) else "",
        )

    def link(self, **changes: Any) -> str:
        """The address of the page with some of it changed."""
        there = replace(self, **changes)
        query: list[tuple[str, str]] = [("d", str(pk)) for pk in there.documents]
        if there.layers != LAYERS:
            query.append(("layer", there.layers[0] if there.layers else "none"))
        query += [
            (name, value) for name in ("coder", "code", "claim") if (value := getattr(there, name))
        ]
        if there.fade:
            query.append(("fade", "1"))
        query += [("open", key) for key in sorted(there.unfolded)]
        if there.at:
            query.append(("at", there.at))
        return f"?{urlencode(query)}"

    def toggled(self, layer: str) -> str:
        return self.link(
            layers=tuple(name for name in LAYERS if (name in self.layers) != (name == layer))
        )

    @property
    def query(self) -> str:
        return self.link()[1:]

    @property
    def filtered(self) -> bool:
        return bool(self.coder or self.code or self.claim)

    def admits(self, mark: Mark) -> bool:
        return (
            (not self.coder or mark.coder == self.coder)
            and (not self.code or self.code in mark.codes)
            and (not self.claim or str(mark.claim) == self.claim)
        )


def documents_of(collection: Collection, view: str) -> list[Document]:
    """The documents that a reader page shows, in its order; `view` is its query string."""
    wanted = [pk for value in QueryDict(view).getlist("d") if (pk := as_number(value))][:MOST]
    found = Document.objects.filter(collection=collection).for_reading().in_bulk(wanted)
    return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]


def reader_url(collection: Collection, view: str, fragment: str = "") -> str:
    url = reverse("annotations:reader", args=[collection.slug])
    return f"{url}?{QueryDict(view).urlencode()}{'#' if fragment else ''}{fragment}"


def moves(params: Params, place: int) -> dict[str, str]:
    """The addresses of the page with one column made the base, moved or closed; "" if idle."""
    order = list(params.documents)

    def moved(to: int) -> str:
        rest = order[:place] + order[place + 1 :]
        return params.link(documents=(*rest[:to], order[place], *rest[to:]))

    return {
        "to_base": moved(0) if place else "",
        "to_left": moved(place - 1) if place else "",
        "to_right": moved(place + 1) if place + 1 < len(order) else "",
        "closed": params.link(documents=tuple(order[:place] + order[place + 1 :]))
        if len(order) > 1
        else "",
    }


def windows_of(documents: Sequence[Document], at: str) -> dict[int, range]:
    """The paragraphs to be shown of each document that is too long to be shown whole.

    The place names a sentence or a paragraph of one; the others open as far into their text.
    """
    share = 0.0
    named = _PLACE.fullmatch(at)
    here = next((row for row in documents if named and row.pk == int(named[2])), None)
    offset = 0
    if named and here:
        spans = here.sentences if named[1] == "s" else here.paragraphs
        if spans:
            offset = spans[min(int(named[3]), len(spans) - 1)][0]
            share = offset / max(1, here.length)
    found = {}
    for document in documents:
        if windows.is_windowed(document.paragraphs):
            place = offset if document == here else int(share * document.length)
            if document == here and named and named[1] == "p":
                found[document.pk] = windows.from_paragraph(document.paragraphs, int(named[3]))
            else:
                found[document.pk] = windows.around(document.paragraphs, place)
    return found


def window_of(params: Params, document: Document, shown: range | None) -> Window | None:
    if shown is None:
        return None
    paragraphs = document.paragraphs
    earlier = windows.to_paragraph(paragraphs, shown.start).start if shown.start else None
    later = shown.stop if shown.stop < len(paragraphs) else None

    def link(first: int | None) -> str:
        return "" if first is None else params.link(at=f"p-{document.pk}-{first}")

    return Window(shown.start + 1, shown.stop, len(paragraphs), link(earlier), link(later))


class Jumps:
    """The addresses of sentences: of those in another part of a long document that part's page."""

    def __init__(
        self, params: Params, documents: Iterable[Document], shown: Mapping[int, range]
    ) -> None:
        self._params = params
        self._sentences: dict[str, range] = {}
        for document in documents:
            if window := shown.get(document.pk):
                spans, paragraphs = document.sentences, document.paragraphs
                first, last = paragraphs[window.start][0], paragraphs[window.stop - 1][1]
                self._sentences[str(document.pk)] = range(
                    bisect_left(spans, first, key=itemgetter(0)),
                    bisect_left(spans, last, key=itemgetter(0)),
                )

    @classmethod
    def on(cls, documents: Sequence[Document], query: QueryDict) -> Self:
        """Those of the page with this query, which may name other documents too."""
        known = query.copy()
        known.setlist("d", [str(row.pk) for row in documents])
        params = Params.read(known)
        return cls(params, documents, windows_of(documents, params.at))

    def to(self, sentence: str) -> str:
        _, document, number = sentence.split("-")
        here = self._sentences.get(document)
        if here is None or int(number) in here:
            return f"#{sentence}"
        return f"{self._params.link(at=sentence)}#{sentence}"


def known_as(document: Document) -> Known:
    """What the document can be told by from others."""
    published_on = document.published_on.isoformat() if document.published_on else ""
    return Known(
        document.pk, document.title, document.publisher, published_on, document.original_name
    )


def names_of(documents: Sequence[Document]) -> dict[int, str]:
    """A name for each document that no other of these has: its publisher, or its title and more."""
    found = names([known_as(document) for document in documents])
    return {document.pk: name for document, name in zip(documents, found, strict=True)}


def apart_of(documents: Sequence[Document]) -> dict[int, str]:
    """What tells each document from one of the same title, publisher and date; often nothing."""
    known = [known_as(document) for document in documents]
    seen = [f"{row.title} {row.publisher} {row.published_on}" for row in known]
    found = apart(known, seen)
    return {row.key: ", ".join(more) for row, more in zip(known, found, strict=True)}


def titles_of(documents: Sequence[Document]) -> dict[int, str]:
    """The title of each document, and what tells it from others of the same title."""
    known = [known_as(document) for document in documents]
    found = headings(known, [cut(row.title) for row in known])
    return {document.pk: name for document, name in zip(documents, found, strict=True)}
