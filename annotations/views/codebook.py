from itertools import pairwise

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations.codebooks import CodebookError, differences
from annotations.forms.codebook import CodebookFileForm, CodeForm, MergeCodeForm, VariableForm
from annotations.models import Annotation, Claim, Code, Codebook, Variable
from annotations.models.codebook import CodeQuerySet
from corpus.http import Request
from corpus.models import MAY_CURATE, MAY_READ, Collection, Role


def _open(
    request: Request, slug: str, roles: frozenset[Role] = MAY_CURATE
) -> tuple[Collection, Codebook]:
    collection = Collection.objects.open_to(request.user, slug, roles)
    return collection, get_object_or_404(Codebook, collection=collection)


def _codes(request: Request, collection: Collection) -> CodeQuerySet:
    """Codes with their uses, as far as the person may see them: coding may be blind."""
    annotations = Annotation.objects.seen_by(request.user, collection).live()
    claims = Claim.objects.seen_by(request.user, collection).current()
    return Code.objects.with_uses(annotations, claims)


@require_safe
def codebook(request: Request, slug: str) -> HttpResponse:
    collection, book = _open(request, slug, MAY_READ)
    codes = _codes(request, collection).select_related("merged_into").order_by("order", "pk")
    variables = sorted(
        book.variables.select_related("parent").prefetch_related(Prefetch("codes", codes)),
        key=lambda row: (
            row.parent.order if row.parent else row.order,
            row.parent_id or 0,
            row.order,
        ),
    )
    parted = []
    for variable in variables:
        offered = [code for code in variable.codes.all() if not code.retired]
        retired = [code for code in variable.codes.all() if code.retired]
        parted.append((variable, offered, retired))
    context = {"collection": collection, "codebook": book, "variables": parted}
    return render(request, "annotations/codebook.html", context)


@require_safe
def codebook_history(request: Request, slug: str) -> HttpResponse:
    """Every version, newest first, each with what it changed."""
    collection, book = _open(request, slug, MAY_READ)
    versions = list(book.versions.select_related("creator").order_by("version"))
    changes = [[], *(differences(old.data, new.data) for old, new in pairwise(versions))]
    context = {
        "collection": collection,
        "codebook": book,
        "versions": list(zip(versions, changes, strict=True))[::-1],
    }
    return render(request, "annotations/codebook_history.html", context)


@require_safe
def codebook_export(request: Request, slug: str) -> HttpResponse:
    collection, book = _open(request, slug, MAY_READ)
    response = JsonResponse(book.as_dict(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"{collection.slug}-codebook-v{book.version}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def codebook_import(request: Request, slug: str) -> HttpResponse:
    collection, book = _open(request, slug)
    form = CodebookFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            book.absorb(form.cleaned_data["file"], user=request.user)
        except CodebookError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, f"This is now version {book.version} of the codebook.")
            return redirect(book)
    status = 422 if request.method == "POST" else 200
    context = {"collection": collection, "codebook": book, "form": form}
    return render(request, "annotations/codebook_import.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def variable_edit(request: Request, slug: str, pk: int | None = None) -> HttpResponse:
    """Make a variable, or change one."""
    collection, book = _open(request, slug)
    if pk is None:
        variable = Variable(codebook=book, order=book.variables.count())
    else:
        variable = get_object_or_404(Variable, codebook=book, pk=pk)
    form = VariableForm(request.POST or None, instance=variable)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            verb = "changed" if pk else "added"
            book.changed(f"Variable “{variable.label}” {verb}", user=request.user)
        return redirect(f"{book.get_absolute_url()}#variable-{variable.key}")
    status = 422 if request.method == "POST" else 200
    context = {
        "collection": collection,
        "codebook": book,
        "form": form,
        "title": f"Change “{variable.label}”" if pk else "New variable",
    }
    return render(request, "annotations/codebook_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def code_edit(request: Request, slug: str, variable: int, pk: int | None = None) -> HttpResponse:
    """Make a code, or change one; a used code can be retired here, never deleted."""
    collection, book = _open(request, slug)
    of = get_object_or_404(Variable, codebook=book, pk=variable)
    if pk is None:
        code = Code(variable=of, order=of.codes.count(), colour=of.codes.count() % 8 + 1)
    else:
        code = get_object_or_404(Code, variable=of, pk=pk)
    form = CodeForm(request.POST or None, instance=code)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            verb = "changed" if pk else "added"
            book.changed(f"{of.label}: code “{code.label}” {verb}", user=request.user)
        return redirect(f"{book.get_absolute_url()}#variable-{of.key}")
    status = 422 if request.method == "POST" else 200
    context = {
        "collection": collection,
        "codebook": book,
        "form": form,
        "title": f"Change “{code.label}”" if pk else f"New code of “{of.label}”",
    }
    return render(request, "annotations/codebook_form.html", context, status=status)


@require_POST
def code_move(request: Request, slug: str, variable: int, pk: int) -> HttpResponse:
    """Change places with the neighbour above or, with `down`, below; retired codes come last."""
    _, book = _open(request, slug)
    of = get_object_or_404(Variable, codebook=book, pk=variable)
    with transaction.atomic():
        codes = list(of.codes.order_by("retired", "order", "pk"))
        at = next((index for index, code in enumerate(codes) if code.pk == pk), None)
        to = None if at is None else at + (1 if "down" in request.POST else -1)
        if at is not None and to is not None and 0 <= to < len(codes):
            codes[at], codes[to] = codes[to], codes[at]
            for order, code in enumerate(codes):
                code.order = order
            Code.objects.bulk_update(codes, ["order"])
            book.changed(f"{of.label}: codes reordered", user=request.user)
    return redirect(f"{book.get_absolute_url()}#variable-{of.key}")


@require_http_methods(["GET", "HEAD", "POST"])
def code_merge(request: Request, slug: str, variable: int, pk: int) -> HttpResponse:
    """Give all uses of a code to another of the same variable."""
    collection, book = _open(request, slug)
    of = get_object_or_404(Variable, codebook=book, pk=variable)
    code = get_object_or_404(_codes(request, collection), variable=of, pk=pk)
    form = MergeCodeForm(request.POST or None, code=code)
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["into"]
        with transaction.atomic():
            code.merge_into(other)
            book.changed(
                f"{of.label}: “{code.label}” merged into “{other.label}”", user=request.user
            )
        messages.success(request, f"What carried “{code.label}” carries “{other.label}” now.")
        return redirect(f"{book.get_absolute_url()}#variable-{of.key}")
    status = 422 if request.method == "POST" else 200
    context = {
        "collection": collection,
        "codebook": book,
        "form": form,
        "title": f"Merge “{code.label}” into another code",
        "words": (
            f"Annotations and claims that carry it now: {code.uses}. They will carry the other code. "
            "This one stays in the codebook as retired, so that older versions stay readable."
        ),
        "submit": "Merge",
    }
    return render(request, "annotations/codebook_form.html", context, status=status)
