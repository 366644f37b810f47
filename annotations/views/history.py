from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.access import may_change, may_rearrange
from annotations.edits import Names, claim_in_words, in_words
from annotations.forms.words import shorten
from annotations.models import Annotation, Claim, Code, Revision
from annotations.states import AnnotationState, ClaimState
from corpus.http import Request
from corpus.models import Collection, Document

PER_PAGE = 50
MOST_DEEDS = 20  # of one operation that are told; the others are counted
KINDS = {
    "create": "Marked or added",
    "accept": "Accepted a suggestion",
    "edit": "Edited",
    "move": "Moved",
    "rename": "Reworded a claim",
    "merge": "Merged claims",
    "split": "Split a claim",
    "delete": "Deleted",
    "bring back": "Brought back",
    "undo": "Undid or did again",
}


@dataclass(frozen=True, slots=True)
class Deed:
    """What one operation did to one annotation or claim."""

    words: str
    annotation: Annotation | None
    claim: Claim | None
    about: str
    documents: tuple[str, ...]
    may_bring_back: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One act of one person: its first deed leads, `more` is how many are not told."""

    who: str
    when: datetime
    deed: Deed
    others: tuple[Deed, ...]
    more: int
    undone: bool


@require_safe
def history(request: Request, slug: str) -> HttpResponse:
    """What everybody whose marks one may see has done in the collection, newest first."""
    collection = Collection.objects.open_to(request.user, slug)
    visible = Revision.objects.seen_by(request.user, collection).deeds()
    people = User.objects.filter(pk__in=visible.order_by().values("user")).order_by("username")
    wanted = {name: request.GET.get(name, "").strip() for name in ("person", "kind")}
    found = visible
    if wanted["person"]:
        found = found.filter(user__username=wanted["person"])
    if wanted["kind"] == "undo":
        found = found.exclude(kind="do")
    elif wanted["kind"] in KINDS:
        found = found.filter(kind="do", action=wanted["kind"])
    operations = (
        found.order_by()
        .values_list("operation", flat=True)
        .annotate(last=Max("pk"))
        .order_by("-last")
    )
    page = Paginator(operations, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "collection": collection,
        "operations": _operations(request.user, collection, list(page), visible=visible),
        "page": page,
        "people": list(people),
        "kinds": KINDS.items(),
        "wanted": wanted,
        "filtered": any(wanted.values()),
    }
    template = "annotations/history.html"
    if request.htmx:
        template += "#operations"
    return render(request, template, context)


def _operations(
    user: User, collection: Collection, keys: list[UUID], *, visible: QuerySet[Revision]
) -> list[Operation]:
    """The operations named, in that order; six queries whatever their number."""
    rows = list(
        visible.filter(operation__in=keys)
        .select_related("user", "annotation", "claim")
        .order_by("pk")
    )
    states = [state for row in rows for state in (row.before, row.after) if state is not None]
    names = names_of(user, collection, states)
    documents = {target["document"] for state in states for target in state.get("targets", ())}
    titles = dict(Document.objects.filter(pk__in=documents).values_list("pk", "title"))
    # The last word on an operation is the latest undo or redo of it.
    answered = dict(
        Revision.objects.seen_by(user, collection)
        .deeds()
        .filter(of__in=keys)
        .order_by("pk")
        .values_list("of", "kind")
    )
    grouped: dict[UUID, list[Revision]] = defaultdict(list)
    for row in rows:
        grouped[row.operation].append(row)
    found = []
    for key in keys:
        group = sorted(grouped[key], key=_rank)
        deeds = [
            _deed(row, user, collection, names=names, titles=titles) for row in group[:MOST_DEEDS]
        ]
        found.append(
            Operation(
                who=name_of(group[0].user),
                when=group[0].created,
                deed=deeds[0],
                others=tuple(deeds[1:]),
                more=max(0, len(group) - MOST_DEEDS),
                undone=group[0].kind == "do" and answered.get(key) == "undo",
            )
        )
    return found


def _rank(row: Revision) -> int:
    """What an operation is chiefly about comes first: a claim, unless it only changed its place."""
    if row.claim_id is None:
        return 1
    return 2 if row.action == "move" else 0


def _deed(
    row: Revision, user: User, collection: Collection, *, names: Names, titles: dict[int, str]
) -> Deed:
    told = {"undo": "undid a step: ", "redo": "did a step again: "}.get(row.kind, "")
    after = row.after or {}
    if row.annotation is None:
        before = ClaimState.from_dict(row.before) if row.before else None
        claim = ClaimState.from_dict(after)
        phrases = claim_in_words(before, claim, names)
        about = claim.statement if before is not None else ""
        gone = claim.deleted and row.claim is not None and row.claim.deleted_at is not None
        return Deed(
            _sentence(told, phrases),
            None,
            row.claim,
            about,
            (),
            may_bring_back=gone and may_rearrange(user, collection),
        )
    was = _short(AnnotationState.from_dict(row.before)) if row.before else None
    state = _short(AnnotationState.from_dict(after))
    passages = [target for target in state.targets if target.role == "passage"]
    exact = " and ".join(target.exact for target in passages if target.exact)
    return Deed(
        _sentence(told, in_words(was, state, names)),
        row.annotation,
        None,
        exact if was is not None else "",
        tuple(dict.fromkeys(titles.get(target.document, "") for target in passages)),
        may_bring_back=state.deleted
        and row.annotation.deleted
        and may_change(row.annotation, user, collection),
    )


def _sentence(told: str, phrases: Iterable[str]) -> str:
    return told + ("; ".join(phrases) or "saved it unchanged")


def _short(state: AnnotationState) -> AnnotationState:
    targets = tuple(replace(target, exact=shorten(target.exact)) for target in state.targets)
    return replace(state, targets=targets)


def name_of(user: User | None) -> str:
    return (user.get_short_name() or user.username) if user else "Somebody who has left"


def names_of(user: User, collection: Collection, states: Iterable[dict[str, Any]]) -> Names:
    """What the keys and numbers in stored states are called, as far as the person may know."""
    states = list(states)
    codes = Code.objects.filter(
        variable__codebook__collection=collection,
        variable__key__in={variable for state in states for variable, _ in state["codings"]},
    ).select_related("variable")
    numbers = {
        number for state in states for key in ("claim", "merged_into") if (number := state.get(key))
    }
    return Names(
        variables={code.variable.key: code.variable.label for code in codes},
        codes={(code.variable.key, code.key): code.label for code in codes},
        claims=dict(
            Claim.objects.seen_by(user, collection)
            .filter(pk__in=numbers)
            .values_list("pk", "statement")
        ),
    )
