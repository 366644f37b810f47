import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Self
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from annotations import reading
from annotations.models import Annotation, Code, Coding, Target, Variable, listed_claims
from annotations.positions import Occurrence
from annotations.reading import Column, Facing, Mark, Text
from annotations.vocabulary import CHANGE, POSITION, VOICE
from corpus import windows
from corpus.comparing import TOO_LONG, comparison_of, is_comparable
from corpus.comparison import Quotation
from corpus.http import Request, as_number
from corpus.models import MAY_READ, Collection, Derivation, Document
from corpus.quoting import quotations_of, quotations_within
from corpus.windows import Window

from .panels import StanceControl, apart_of, marking_context, names_of

MOST = 4  # documents side by side
LISTED = 200  # documents to choose from; the library finds the others
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


@dataclass(frozen=True, slots=True)
class Opened:
    """A document on the page, with the addresses of the page with its columns in another order.

    `name` tells it from the others, `apart` from one of the same title, publisher and date; `copies` are made from it, though it is not the base.
    """

    document: Document
    column: Column
    name: str
    apart: str
    copies: tuple[str, ...]
    base: bool
    to_base: str
    to_left: str
    to_right: str
    closed: str
    stance: StanceControl
    window: Window | None
    not_compared: str


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

    def to(self, sentence: str) -> str:
        _, document, number = sentence.split("-")
        here = self._sentences.get(document)
        if here is None or int(number) in here:
            return f"#{sentence}"
        return f"{self._params.link(at=sentence)}#{sentence}"


@require_safe
def reader(request: Request, slug: str) -> HttpResponse:
    collection = Collection.objects.open_to(request.user, slug, MAY_READ)
    try:
        params = Params.read(request.GET)
    except TooManyDocuments:
        return choose(request, collection, ticked=request.GET.getlist("d"), too_many=True)
    if not params.documents or "choose" in request.GET:
        return choose(request, collection, ticked=[str(pk) for pk in params.documents])
    documents = opened_documents(collection, params)
    marks = marks_on(collection, documents, request=request)
    shown = [mark for mark in marks if params.admits(mark)]
    shown_of = windows_of(documents, params.at)
    columns = columns_of(documents, shown, windowed=shown_of)
    marking = marking_context(request.user, collection, documents, marks=marks, query=params.query)
    passages = [mark for mark in marks if mark.role == "passage"]
    names, told = names_of(documents), apart_of(documents)
    copies = _copies(documents, columns)
    return render(
        request,
        "annotations/reader.html",
        {
            "collection": collection,
            **marking,
            "params": params,
            "opened": [
                Opened(
                    document,
                    column,
                    names[document.pk],
                    told[document.pk],
                    tuple(names[pk] for pk in copies[document.pk]),
                    place == 0,
                    **_moves(params, place),
                    stance=marking["stances"][document.pk],
                    window=_window(params, document, shown_of.get(document.pk)),
                    not_compared=""
                    if not place or is_comparable(documents[0], document)
                    else TOO_LONG,
                )
                for place, (document, column) in enumerate(zip(documents, columns, strict=True))
            ],
            "base": documents[0],
            "base_name": names[documents[0].pk],
            "change_count": sum(len(column.changes) for column in columns),
            "mark_count": len({mark.annotation for mark in shown}),
            "all_mark_count": len({mark.annotation for mark in marks}),
            "layer_links": [(name, name in params.layers, params.toggled(name)) for name in LAYERS],
            "plain_link": params.link(layers=() if params.layers else LAYERS),
            "fade_link": params.link(fade=not params.fade),
            "choose_link": f"{params.link()}&choose=1",
            "all_link": params.link(coder="", code="", claim=""),
            "choices": _choices(passages),
            "windowed": bool(shown_of),
            "jumps": Jumps(params, documents, shown_of),
            "long": sum(document.length for document in documents) > LONG,
            "unfolded": params.unfolded,
            "mark_url": reverse("annotations:mark", args=[collection.slug]),
        },
    )


@require_safe
def paragraphs(request: Request, slug: str) -> HttpResponse:
    """The paragraphs of the reader that the address unfolds, with every mark beside them."""
    collection = Collection.objects.open_to(request.user, slug, MAY_READ)
    params = Params.read(request.GET)
    wanted: dict[int, set[int]] = defaultdict(set)
    for key in params.unfolded:
        document, _, index = key.partition("-")
        if index.isdecimal():
            wanted[as_number(document)].add(as_number(index))
    return HttpResponse(
        "".join(
            render_paragraphs(
                request,
                collection,
                document=document,
                indices=[
                    index for index in wanted[document.pk] if index < len(document.paragraphs)
                ],
                params=params,
            )
            for document in opened_documents(collection, params)
            if document.pk in wanted
        )
    )


def choose(
    request: Request, collection: Collection, *, ticked: list[str], too_many: bool = False
) -> HttpResponse:
    """The page to choose what to read; documents that are open already are ticked."""
    return render(
        request,
        "annotations/reader_choose.html",
        {
            "collection": collection,
            "documents": [
                (document, str(document.pk) in ticked)
                for document in collection.documents.in_use().for_lists().in_order()[:LISTED]
            ],
            "too_many": too_many,
            "most": MOST,
        },
        status=422 if too_many else 200,
    )


# Characters on the page beyond which paragraphs out of sight are laid out only when scrolled to.
LONG = 60_000


def render_paragraphs(
    request: Request,
    collection: Collection,
    *,
    document: Document,
    indices: Iterable[int],
    params: Params,
) -> str:
    """The HTML of some paragraphs, `block-DOC-I` each, as the page with these params shows them."""
    documents = opened_documents(collection, params)
    if document not in documents:
        documents = [document]
    marks = marks_on(collection, [document], request=request)
    shown = [mark for mark in marks if params.admits(mark)]
    facing = _facing(documents, document)
    wanted = sorted(indices)
    windowed = bool(wanted) and windows.is_windowed(document.paragraphs)
    text = text_of(document, range(wanted[0], wanted[-1] + 1) if windowed else None)
    mark_url = reverse("annotations:mark", args=[collection.slug])
    return "".join(
        render_to_string(
            "annotations/paragraph.html",
            {
                "block": block,
                "collection": collection,
                "document": document,
                "query": params.query,
                "unfolded": params.unfolded,
                "mark_url": mark_url,
            },
            request,
        )
        for block in reading.some_blocks(text, wanted, facing=facing, marks=shown)
    )


def _facing(documents: Sequence[Document], document: Document) -> list[Facing]:
    """The comparisons of the page that a document takes part in, seen from its side."""
    base = documents[0]
    sides = [
        reading.facings(text_of(base), text_of(other), comparison_of(base, other))
        for other in documents[1:]
        if document in (base, other) and is_comparable(base, other)
    ]
    return [here if document == base else there for here, there in sides]


def opened_documents(collection: Collection, params: Params) -> list[Document]:
    """The documents in the order of the address; Http404 where one is not in the collection."""
    found = collection.documents.for_reading().in_bulk(params.documents)
    if len(found) < len(params.documents):
        raise Http404("One of these documents is not in this collection.")
    return [found[pk] for pk in params.documents]


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


def _window(params: Params, document: Document, shown: range | None) -> Window | None:
    if shown is None:
        return None
    paragraphs = document.paragraphs
    earlier = windows.to_paragraph(paragraphs, shown.start).start if shown.start else None
    later = shown.stop if shown.stop < len(paragraphs) else None

    def link(first: int | None) -> str:
        return "" if first is None else params.link(at=f"p-{document.pk}-{first}")

    return Window(shown.start + 1, shown.stop, len(paragraphs), link(earlier), link(later))


def text_of(document: Document, window: range | None = None) -> Text:
    """The document as reading needs it; of a long one the quotations in the window alone."""
    if window is None and windows.is_windowed(document.paragraphs):
        quoted: Sequence[Quotation] = ()
    elif window is None:
        quoted = quotations_of(document)
    else:
        start, end = document.paragraphs[window.start][0], document.paragraphs[window.stop - 1][1]
        quoted = quotations_within(document, start, end)
    return Text(
        document.pk,
        document.title,
        document.text,
        tuple((start, end) for start, end in document.paragraphs),
        tuple((start, end) for start, end in document.sentences),
        tuple(quoted),
    )


def columns_of(
    documents: Sequence[Document],
    marks: Sequence[Mark],
    *,
    windowed: Mapping[int, range] = MappingProxyType({}),
) -> list[Column]:
    """The columns of the page; the first document is the base that the others are compared with.

    Those too long to be compared with it while somebody waits just stand beside it.
    """
    texts = [text_of(document, windowed.get(document.pk)) for document in documents]
    on: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        on[mark.document].append(mark)
    base, *others = texts
    facing_base = []
    columns = []
    for document, text in zip(documents[1:], others, strict=True):
        if not is_comparable(documents[0], document):
            columns.append(reading.column(text, marks=on[text.pk], window=windowed.get(text.pk)))
            continue
        comparison = comparison_of(documents[0], document)
        here, there = reading.facings(base, text, comparison)
        facing_base.append(here)
        columns.append(
            reading.column(
                text,
                facing=[there],
                marks=on[text.pk],
                relation=reading.relation_of(comparison),
                window=windowed.get(text.pk),
            )
        )
    first = reading.column(
        base, facing=facing_base, marks=on[base.pk], window=windowed.get(base.pk)
    )
    return [first, *columns]


def marks_on(
    collection: Collection, documents: Sequence[Document], *, request: Request
) -> list[Mark]:
    """The passages of these documents that the viewer may see marked, in the order of the text."""
    pks = [document.pk for document in documents]
    passages = Target.objects.filter(document__in=pks, start__isnull=False)
    codes = _codes(collection)
    codings: dict[Any, list[int]] = defaultdict(list)
    for annotation, code in Coding.objects.filter(
        annotation__in=passages.values("annotation")
    ).values_list("annotation", "code"):
        codings[annotation].append(code)
    claims = {
        claim.pk: (claim.number, claim.statement)
        for claim in listed_claims(request.user, collection)
    }
    buttons = _buttons(collection)
    # Resolving an address takes longer than all else that is done for a mark.
    nobody = UUID(int=0)
    before, after = reverse("annotations:edit", args=[nobody]).split(str(nobody))
    texts = {document.pk: document.text for document in documents}
    sources: dict[Any, str] = {}
    named: dict[frozenset[int], tuple[str, str, int, frozenset[str], Occurrence]] = {}
    found = []
    # One filter() for the targets, so that the rows are those of the very targets it lets through.
    rows: list[Any] = list(
        Annotation.objects.visible_to(request.user)
        .live()
        .filter(targets__document__in=pks, targets__start__isnull=False)
        .order_by("targets__document", "targets__start", "-targets__end", "created", "targets__pk")
        .values_list(
            "pk",
            "targets__document",
            "targets__start",
            "targets__end",
            "targets__role",
            "claim",
            "note",
            "unsure",
            "version",
            "creator",
            "creator__username",
            "motivation",
            "creator__first_name",
            "creator__last_name",
        )
    )
    for annotation, document, start, end, role, *_ in rows:
        if role == "source":
            sources[annotation] = " ".join(texts[document][start:end].split())
    for (
        annotation,
        document,
        start,
        end,
        role,
        claim,
        note,
        unsure,
        version,
        creator,
        coder,
        motivation,
        *name,
    ) in rows:
        key = str(annotation)
        number, statement = claims.get(claim, (None, ""))
        coded = frozenset(codings[annotation])
        if coded not in named:
            named[coded] = _named([row for pk, row in codes.items() if pk in coded], buttons)
        label, letter, colour, keys, said = named[coded]
        found.append(
            Mark(
                annotation=key,
                document=document,
                start=start,
                end=end,
                role=role,
                number=number,
                claim=claim,
                statement=statement,
                label=label or ("Note" if note else "Marked"),
                letter=letter,
                colour=colour,
                coder=coder,
                initials=_initials(coder, *name),
                codes=keys,
                said=None if motivation == Annotation.Motivation.LINKING else said,
                note=note,
                unsure=unsure,
                version=version,
                source=sources.get(annotation, "") if role == "passage" else "",
                edit_url=f"{before}{key}{after}"
                if collection.may_curate or (collection.may_code and creator == request.user.pk)
                else "",
            )
        )
    return found


def _codes(collection: Collection) -> dict[int, tuple[str, str, str, int]]:
    """Variable, key, label and colour of each code of the codebook, in its order."""
    rows = (
        Code.objects.filter(variable__codebook__collection=collection)
        .order_by("variable__order", "variable", "order", "pk")
        .values_list("pk", "variable__key", "key", "label", "colour")
    )
    return {pk: row for pk, *row in rows}  # type: ignore[misc]


def _named(
    codings: Sequence[tuple[str, str, str, int]], buttons: dict[tuple[str | None, str], str]
) -> tuple[str, str, int, frozenset[str], Occurrence]:
    """What marks with these codes are called, with which letter and colour, and what they say."""
    by_variable = {variable: code for variable, code, *_ in codings}
    keys = frozenset(f"{variable}.{code}" for variable, code, *_ in codings)
    said = Occurrence(by_variable.get(VOICE), by_variable.get(POSITION))
    return (*_label(codings, buttons), keys, said)


def _buttons(collection: Collection) -> dict[tuple[str | None, str], str]:
    """The labels of the six buttons by (voice, position); voice None fits any."""
    rows: Any = (
        Variable.objects.filter(codebook__collection=collection, key=POSITION)
        .values_list("quick_buttons", flat=True)
        .first()
    )
    return {(voice, position): label for _, label, voice, position in rows or []}


def _label(
    codings: Sequence[tuple[str, str, str, int]], buttons: dict[tuple[str | None, str], str]
) -> tuple[str, str, int]:
    """What a mark is called, its letter, and the number of its colour in the palette.

    The letter is the first of the position, small where a source speaks; a pair has "≠".
    """
    by_variable = {variable: (code, label, colour) for variable, code, label, colour in codings}
    voice = by_variable.get(VOICE, ("", "", 0))[0]
    if POSITION in by_variable:
        position, label, colour = by_variable[POSITION]
        name = buttons.get((voice or None, position)) or buttons.get((None, position)) or label
        initial = label[:1]
        return name, initial.lower() if voice == "source" else initial.upper(), colour
    if not codings:
        return "", "", 0
    names = [label for _, _, label, _ in codings]
    return ", ".join(names), "≠" if CHANGE in by_variable else "", codings[0][3]


def _initials(username: str, first: str, last: str) -> str:
    return (first[:1] + last[:1]).upper() if first and last else (first or username)[:2].title()


def _choices(marks: Sequence[Mark]) -> dict[str, list[tuple[str, str]]]:
    """What the marks on the page can be filtered by: value and label."""
    codes = sorted(set(chain.from_iterable(mark.codes for mark in marks)))
    claims = {(mark.number, str(mark.claim), mark.statement) for mark in marks if mark.number}
    return {
        "coders": [(coder, coder) for coder in sorted({mark.coder for mark in marks})],
        "codes": [(code, code.replace(".", ": ").replace("_", " ")) for code in codes],
        "claims": [(pk, f"{number} {statement}") for number, pk, statement in sorted(claims)],
    }


def _copies(documents: Sequence[Document], columns: Sequence[Column]) -> dict[int, list[int]]:
    """For each document that has nothing of the base, those beside it that were made from it."""
    found: dict[int, list[int]] = defaultdict(list)
    others = [
        document
        for document, column in zip(documents, columns, strict=True)
        if column.relation and not column.relation.shares_words
    ]
    if len(others) > 1:
        pairs = Derivation.objects.filter(source__in=others, derived__in=others)
        for source, derived in pairs.order_by("pk").values_list("source", "derived"):
            found[source].append(derived)
    return found


def _moves(params: Params, place: int) -> dict[str, str]:
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
