from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from annotations.history import Reach
from annotations.models import Revision
from annotations.reader import page
from annotations.reader.address import (
    LAYERS,
    MOST,
    Jumps,
    Params,
    TooManyDocuments,
    apart_of,
    moves,
    names_of,
    window_of,
    windows_of,
)
from annotations.reader.loading import (
    Rows,
    columns_of,
    copies_of,
    facing_of,
    kinds_on,
    load_texts,
    marks_on,
    opened_documents,
    rows_of,
    text_of,
)
from annotations.reader.page import SHOWN_CARDS, Column
from annotations.reader.pieces import Mark
from annotations.reader.tag import tag_of
from annotations.templatetags.passages import Frame
from annotations.templatetags.passages import paragraphs as paragraphs_of
from corpus import windows
from corpus.comparing import TOO_LONG, is_comparable
from corpus.http import Request, as_number
from corpus.models import MAY_READ, Collection, Document
from corpus.windows import Window

from .panels import StanceControl, marking_context

LISTED = 200  # documents to choose from; the library finds the others


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


@require_safe
def reader(request: Request, slug: str) -> HttpResponse:
    collection = Collection.objects.open_to(request.user, slug, MAY_READ)
    try:
        params = Params.read(request.GET)
    except TooManyDocuments:
        return choose(request, collection, ticked=request.GET.getlist("d"), too_many=True)
    if not params.documents or "choose" in request.GET:
        return choose(request, collection, ticked=[str(pk) for pk in params.documents])
    documents = opened_documents(collection, params, texts=False)
    shown = windows_of(documents, params.at)
    rows = rows_of(collection, documents, request.user, params, shown=shown)
    reach = Revision.objects.reach_of(request.user, collection)
    if len(get_messages(request)):  # which are shown once
        return _page(request, collection, rows, reach, params)
    tag = tag_of(request, collection, rows, reach)
    answer = get_conditional_response(request, etag=tag)
    if answer is None:
        answer = _page(request, collection, rows, reach, params)
        answer["ETag"] = tag
    return answer


def _page(
    request: Request, collection: Collection, rows: Rows, reach: Reach, params: Params
) -> HttpResponse:
    documents = rows.documents
    load_texts(documents)
    marks = marks_on(collection, rows, request.user)
    shown = [mark for mark in marks if params.admits(mark)]
    columns = columns_of(documents, shown, windowed=rows.shown)
    kinds = kinds_on(rows, marks)
    passages = [mark for mark, _ in kinds if mark.role == "passage"]
    marking = marking_context(
        request.user, collection, rows, marks=passages, reach=reach, query=params.query
    )
    names, told = names_of(documents), apart_of(documents)
    copies = copies_of(rows, columns)
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
                    **moves(params, place),
                    stance=marking["stances"][document.pk],
                    window=window_of(params, document, rows.shown.get(document.pk)),
                    not_compared=""
                    if not place or is_comparable(documents[0], document)
                    else TOO_LONG,
                )
                for place, (document, column) in enumerate(zip(documents, columns, strict=True))
            ],
            "base": documents[0],
            "base_name": names[documents[0].pk],
            "change_count": sum(len(column.changes) for column in columns),
            "mark_count": sum(count for mark, count in kinds if params.admits(mark)),
            "all_mark_count": sum(count for _, count in kinds),
            "shown_cards": SHOWN_CARDS,
            "layer_links": [(name, name in params.layers, params.toggled(name)) for name in LAYERS],
            "plain_link": params.link(layers=() if params.layers else LAYERS),
            "fade_link": params.link(fade=not params.fade),
            "choose_link": f"{params.link()}&choose=1",
            "all_link": params.link(coder="", code="", claim=""),
            "choices": _choices(passages),
            "windowed": bool(rows.shown),
            "jumps": Jumps(params, documents, rows.shown),
            "long": sum(document.length for document in documents) > LONG,
            "frame": _frame(collection, params),
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
    wanted = sorted(indices)
    windowed = bool(wanted) and windows.is_windowed(document.paragraphs)
    window = range(wanted[0], wanted[-1] + 1) if windowed else None
    rows = rows_of(
        collection,
        [document],
        request.user,
        params,
        shown={document.pk: window} if window else {},
    )
    shown = [mark for mark in marks_on(collection, rows, request.user) if params.admits(mark)]
    facing = facing_of(documents, document)
    text = text_of(document, window)
    blocks = page.some_blocks(text, wanted, facing=facing, marks=shown)
    return paragraphs_of(blocks, _frame(collection, params))


def _frame(collection: Collection, params: Params) -> Frame:
    mark_url = reverse("annotations:mark", args=[collection.slug]) if collection.may_code else ""
    return Frame(params.query, mark_url, params.unfolded)


def _choices(marks: Sequence[Mark]) -> dict[str, list[tuple[str, str]]]:
    """What the marks on the page can be filtered by: value and label."""
    codes = sorted(set(chain.from_iterable(mark.codes for mark in marks)))
    claims = {(mark.number, str(mark.claim), mark.statement) for mark in marks if mark.number}
    return {
        "coders": [(coder, coder) for coder in sorted({mark.coder for mark in marks})],
        "codes": [(code, code.replace(".", ": ").replace("_", " ")) for code in codes],
        "claims": [(pk, f"{number} {statement}") for number, pk, statement in sorted(claims)],
    }
