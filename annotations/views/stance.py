from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from annotations.forms.marks import DocumentCodeForm
from annotations.forms.words import reasons_of
from annotations.models import Annotation
from annotations.states import AnnotationState, TargetState
from corpus.http import Request
from corpus.models import MAY_CODE, Collection, Document

from .answers import answer, refusal
from .panels import document_variables


@require_POST
def code_document(request: Request, slug: str, pk: int) -> HttpResponse:
    """Set, change or clear the person's code of a document in one variable, such as its stance."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    documents = Document.objects.filter(collection=collection).for_reading()
    document = get_object_or_404(documents, pk=pk)
    form = DocumentCodeForm(request.POST, variables=document_variables(collection))
    if not form.is_valid():
        return refusal(request, collection, reasons_of(form))
    variable, code = form.variables[form.cleaned_data["variable"]], form.cleaned_data["code"]
    target = TargetState(document.pk)
    try:
        _code(request, collection, target, variable=variable.key, code=code)
    except ValidationError as error:
        return refusal(request, collection, error.messages)
    label = next((row.label for row in variable.codes.all() if row.key == code), "")
    return answer(
        request,
        collection,
        view=form.cleaned_data["view"] or f"d={document.pk}",
        message=f"{variable.label} of “{document}”: {label or 'cleared'}",
        touched=[target],
        claims=(),
    )


def _code(
    request: Request, collection: Collection, target: TargetState, *, variable: str, code: str
) -> None:
    user = request.user
    with transaction.atomic():
        found = (
            Annotation.objects.live()
            .by(user)
            .filter(codings__document=target.document, codings__variable__key=variable, claim=None)
            .first()
        )
        if found is None and code:
            state = AnnotationState("classifying", (target,)).coded(**{variable: code})
            Annotation.objects.record(state, collection=collection, user=user, operation=uuid4())
        elif found is not None and code:
            found.change(found.as_state().coded(**{variable: code}), user=user)
        elif found is not None:
            left = found.as_state().coded(**{variable: None})
            if left.codings:
                found.change(left, user=user)
            else:
                found.delete_softly(user=user)
