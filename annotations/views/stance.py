from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from annotations.acts import stances
from annotations.acts.stances import Answer
from annotations.forms.marks import DocumentCodeForm
from annotations.forms.words import reasons_of
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
    try:
        done = stances.code(collection, request.user, Answer(document, variable, code))
    except ValidationError as error:
        return refusal(request, collection, error.messages)
    return answer(request, done)
