from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from corpus.comparing import TOO_LONG, comparison_of, is_comparable
from corpus.evidence.sheet import Side, evidence_sheet
from corpus.http import Request
from corpus.models import Collection, Document


@require_safe
def evidence(request: Request, slug: str) -> HttpResponse:
    """Download the evidence sheet of two documents: ?d=SOURCE&d=DERIVED."""
    collection = Collection.objects.open_to(request.user, slug)
    wanted = [int(pk) for pk in request.GET.getlist("d")[:2] if pk.isdecimal() and len(pk) < 18]
    found = Document.objects.filter(collection=collection).for_reading().in_bulk(wanted)
    if len(wanted) != 2 or len(found) != 2:
        raise Http404("An evidence sheet is of two documents.")
    source, derived = (found[pk] for pk in wanted)
    if not is_comparable(source, derived):
        context = {
            "collection": collection,
            "source": source,
            "derived": derived,
            "reason": TOO_LONG,
        }
        return render(request, "corpus/not_compared.html", context)
    sheet = evidence_sheet(
        comparison_of(source, derived), Side.of(source), Side.of(derived), whole=False
    )
    response = HttpResponse(sheet)
    name = f"evidence-{slugify(source.title)[:40]}-{slugify(derived.title)[:40]}.html"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
