"""The versions of a mark: which one a change is based on, which one stays, and how each reads."""

from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import User
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from annotations.forms.words import quoted
from annotations.models import Annotation, Claim, Code, EditConflict, Revision
from annotations.states import AnnotationState
from corpus.http import Request
from corpus.models import Collection


def conflict_page(request: Request, collection: Collection, conflict: EditConflict) -> HttpResponse:
    """409: what is stored now beside what was sent (nothing: a deletion), and the choice."""
    stored = Annotation.objects.with_parts().get(pk=conflict.current.pk)
    sent: AnnotationState | None = conflict.sent
    labels = Labels.of(request.user, collection)
    context = {
        "collection": collection,
        "stored": stored,
        "stored_lines": labels.lines(stored.as_state()),
        "sent_lines": labels.lines(sent) if sent else ["Delete the mark"],
        "last": stored.revisions.deeds().select_related("user").order_by("pk").last(),
        "kept": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in {"csrfmiddlewaretoken", "version", "bring_back"}
            for value in values
        ],
        "action": request.path,
        "view_pairs": [
            (name, value)
            for name, values in QueryDict(request.POST.get("view", "")).lists()
            for value in values
        ],
    }
    template = "annotations/conflict.html"
    if request.htmx:
        template += "#conflict"
    return render(request, template, context, status=409)


def past(collection: Collection, annotation: Annotation) -> list[tuple[Revision, list[str]]]:
    """The latest revisions of a mark, each with what the mark said then."""
    labels = Labels.of(collection.viewer, collection)
    return [
        (row, labels.lines(AnnotationState.from_dict(row.after or row.before or {})))
        for row in annotation.revisions.deeds().select_related("user").newest_first()[:50]
    ]


@dataclass(frozen=True, slots=True)
class Labels:
    """The words for keys, to tell two states of a mark apart on a page."""

    claims: dict[int, str]
    codes: dict[tuple[str, str], str]

    @classmethod
    def of(cls, user: User, collection: Collection) -> Self:
        codes = Code.objects.filter(variable__codebook__collection=collection).values_list(
            "variable__key", "key", "variable__label", "label"
        )
        return cls(
            dict(Claim.objects.seen_by(user, collection).values_list("pk", "statement")),
            {(variable, code): f"{question}: {label}" for variable, code, question, label in codes},
        )

    def lines(self, state: AnnotationState) -> list[str]:
        names = {"passage": "", "source": "Source: ", "cue": "Cue: "}
        lines = [
            f"{names[target.role]}{quoted(target.exact, limit=400)}"
            for target in state.targets
            if target.exact
        ]
        if state.claim:
            lines.append(f"Claim: {self.claims.get(state.claim, 'another one')}")
        lines += [self.codes.get(pair, ": ".join(pair)) for pair in state.codings]
        if state.note:
            lines.append(f"Note: {state.note}")
        if state.unsure:
            lines.append("Not sure")
        if state.deleted:
            lines.append("Deleted")
        if state.archived:
            lines.append("Archived")
        return lines
