"""Archive, delete, bring back, move and duplicate: a page that says what goes, and its button."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from corpus.acts import batches, collections, documents, people
from corpus.acts.allowed import may_delete
from corpus.acts.done import CannotBeDone, Done
from corpus.acts.logged import logged
from corpus.forms import DuplicateForm, MoveForm
from corpus.http import Request, as_number
from corpus.models import (
    GRACE,
    MAY_CURATE,
    MAY_MANAGE,
    Collection,
    Document,
    ImportBatch,
    Membership,
)
from corpus.weighing import weigh_collection, weigh_documents

LOGGED = 50  # of the latest acts
LISTED = 200  # things on the page of what is deleted


@require_http_methods(["GET", "HEAD", "POST"])
def collection_delete(request: Request, slug: str) -> HttpResponse:
    """What goes with the collection, and the button."""
    collection = Collection.objects.open_to(request.user, slug, MAY_MANAGE, archived=True)
    if request.method == "POST":
        _tell(request, lambda: collections.delete(collection, request.user))
        return redirect("corpus:collections_deleted")
    context = {"collection": collection, "weights": weigh_collection(collection)}
    return render(request, "corpus/collection_delete.html", context | _grace())


@require_POST
def collection_archive(request: Request, slug: str) -> HttpResponse:
    collection = Collection.objects.open_to(request.user, slug, MAY_MANAGE, archived=True)
    act = collections.take_out if "take_out" in request.POST else collections.archive
    _tell(request, lambda: act(collection, request.user))
    return redirect(collection)


@require_http_methods(["GET", "HEAD", "POST"])
def collection_duplicate(request: Request, slug: str) -> HttpResponse:
    """A new collection of the same documents and codebook, without marks."""
    collection = Collection.objects.open_to(request.user, slug, MAY_MANAGE, archived=True)
    suggested = f"{collection.name[:190]} (copy)"
    form = DuplicateForm(request.POST or None, initial={"name": suggested})
    if request.method == "POST" and form.is_valid():
        done = _tell(
            request, lambda: collections.duplicate(collection, request.user, form.duplicate())
        )
        return redirect(done.made if done else collection)
    context = {"collection": collection, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "corpus/collection_duplicate.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def collection_leave(request: Request, slug: str) -> HttpResponse:
    collection = Collection.objects.open_to(request.user, slug)
    if request.method == "POST":
        done = _tell(request, lambda: people.leave(collection, request.user))
        return redirect("home") if done else redirect(collection)
    return render(request, "corpus/collection_leave.html", {"collection": collection})


@require_safe
def collections_deleted(request: Request) -> HttpResponse:
    """The collections that the person deleted or owned, to be brought back."""
    rows = Collection.everything.deleted().managed_by(request.user).order_by("-deleted_at", "pk")
    context = {"rows": rows.select_related("deleted_by")[:LISTED]}
    return render(request, "corpus/collections_deleted.html", context | _grace())


@require_POST
def collection_bring_back(request: Request, slug: str) -> HttpResponse:
    mine = Collection.everything.managed_by(request.user)
    collection = get_object_or_404(mine, slug=slug)
    done = _tell(request, lambda: collections.bring_back(collection, request.user))
    return redirect(collection) if done else redirect("corpus:collections_deleted")


@require_safe
def deleted(request: Request, slug: str) -> HttpResponse:
    """What has been deleted in the collection, to be brought back."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CURATE)
    rows = Document.everything.deleted().filter(collection=collection).for_lists()
    rows = rows.select_related("batch", "deleted_by").order_by("-deleted_at", "pk")
    undone = ImportBatch.everything.deleted().filter(collection=collection)
    if not collection.may_manage:
        rows = rows.filter(batch__creator=request.user)
        undone = undone.filter(creator=request.user)
    out = Membership.everything.deleted().filter(collection=collection)
    context = {
        "collection": collection,
        "documents": rows[:LISTED],
        "batches": undone.select_related("creator", "deleted_by").order_by("-deleted_at")[:LISTED],
        "members": out.select_related("user", "deleted_by").order_by("-deleted_at")[:LISTED]
        if collection.may_manage
        else (),
        "log": logged(collection, most=LOGGED) if collection.may_manage else (),
    }
    return render(request, "corpus/deleted.html", context | _grace())


@require_http_methods(["GET", "HEAD", "POST"])
def document_delete(request: Request, slug: str, pk: int) -> HttpResponse:
    """What goes with the document, and the button."""
    collection, document = _document(request, slug, pk)
    if request.method == "POST":
        done = _tell(request, lambda: documents.delete(collection, request.user, [pk]))
        return redirect("corpus:deleted", slug) if done else redirect(document)
    context = {
        "collection": collection,
        "document": document,
        "weights": weigh_documents(Document.objects.filter(pk=pk)),
        "allowed": may_delete(collection, request.user, [document]),
    }
    return render(request, "corpus/document_delete.html", context | _grace())


@require_POST
def document_archive(request: Request, slug: str, pk: int) -> HttpResponse:
    collection, document = _document(request, slug, pk)
    act = documents.take_out if "take_out" in request.POST else documents.archive
    _tell(request, lambda: act(collection, request.user, [pk]))
    return redirect(document)


@require_http_methods(["GET", "HEAD", "POST"])
def documents_away(request: Request, slug: str) -> HttpResponse:
    """What goes with the documents that are named by `d`, and the buttons to archive or delete them."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CURATE)
    named = request.POST if request.method == "POST" else request.GET
    wanted = {as_number(number) for number in named.getlist("d")[: documents.MOST + 1]}
    if request.method == "POST":
        act = documents.delete if "delete" in request.POST else documents.archive
        done = _tell(request, lambda: act(collection, request.user, wanted))
        return redirect("corpus:deleted", slug) if done and done.claims else redirect(collection)
    chosen = Document.objects.filter(collection=collection, pk__in=wanted)
    rows = list(chosen.for_lists().select_related("batch").in_order()[: documents.MOST])
    context = {
        "collection": collection,
        "documents": rows,
        "weights": weigh_documents(chosen) if rows else [],
        "allowed": may_delete(collection, request.user, rows),
    }
    return render(request, "corpus/documents_away.html", context | _grace())


@require_POST
def document_bring_back(request: Request, slug: str, pk: int) -> HttpResponse:
    collection = Collection.objects.open_to(request.user, slug, MAY_CURATE)
    if not Document.everything.filter(collection=collection, pk=pk).exists():
        raise Http404("No such document.")
    done = _tell(request, lambda: documents.bring_back(collection, request.user, [pk]))
    if done is None or done.warning:
        return redirect("corpus:deleted", slug)
    return redirect("corpus:document", slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def document_move(request: Request, slug: str, pk: int) -> HttpResponse:
    """Move the document to another collection, or copy it there without marks."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CURATE, archived=True)
    document = get_object_or_404(Document.objects.for_lists(), collection=collection, pk=pk)
    form = MoveForm(request.POST or None, user=request.user, collection=collection)
    if request.method == "POST" and form.is_valid():
        into: Collection = form.cleaned_data["into"]
        act = documents.move if form.cleaned_data["how"] == "move" else documents.copy
        try:
            done = act(collection, request.user, [pk], into=into)
        except CannotBeDone as error:
            form.add_error(None, str(error))
        else:
            _say(request, done)
            return redirect(into)
    context = {
        "collection": collection,
        "document": document,
        "form": form,
        "anywhere": form.fields["into"].queryset.exists(),  # type: ignore[attr-defined]
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "corpus/document_move.html", context, status=status)


@require_POST
def batch_undo(request: Request, slug: str, pk: int) -> HttpResponse:
    """Undo an import: one press, and one press takes it back."""
    collection, batch = _batch(request, slug, pk)
    done = _tell(request, lambda: batches.delete(collection, request.user, batch.pk))
    return redirect("corpus:deleted", slug) if done else redirect(batch)


@require_POST
def batch_bring_back(request: Request, slug: str, pk: int) -> HttpResponse:
    collection, batch = _batch(request, slug, pk)
    done = _tell(request, lambda: batches.bring_back(collection, request.user, batch.pk))
    return redirect(batch) if done else redirect("corpus:deleted", slug)


@require_POST
def batch_archive(request: Request, slug: str, pk: int) -> HttpResponse:
    collection, batch = _batch(request, slug, pk)
    act = batches.take_out if "take_out" in request.POST else batches.archive
    _tell(request, lambda: act(collection, request.user, batch.pk))
    return redirect(batch) if batch.deleted_at is None else redirect("corpus:deleted", slug)


@require_POST
def member_life(request: Request, slug: str, pk: int) -> HttpResponse:
    """End a person's part, let them take it up again, or bring back one who is out."""
    collection = Collection.objects.open_to(request.user, slug, MAY_MANAGE, archived=True)
    part = get_object_or_404(Membership.everything, collection=collection, pk=pk)
    acts = {"end": people.archive, "again": people.take_up, "back": people.bring_back}
    name = next((name for name in acts if name in request.POST), "")
    if not name:
        raise Http404("No such act.")
    _tell(request, lambda: acts[name](collection, request.user, part.pk))
    still = Collection.objects.visible_to(request.user).with_role(request.user).get(slug=slug)
    return redirect("corpus:collection_edit", slug) if still.may_manage else redirect(still)


def _document(request: Request, slug: str, pk: int) -> tuple[Collection, Document]:
    collection = Collection.objects.open_to(request.user, slug, MAY_CURATE)
    rows = Document.objects.for_lists().select_related("batch", "collection")
    return collection, get_object_or_404(rows, collection=collection, pk=pk)


def _batch(request: Request, slug: str, pk: int) -> tuple[Collection, ImportBatch]:
    collection = Collection.objects.open_to(request.user, slug, MAY_CURATE)
    rows = ImportBatch.everything.select_related("collection")
    return collection, get_object_or_404(rows, collection=collection, pk=pk)


def _tell(request: Request, act: Callable[[], Done]) -> Done | None:
    """Do it, and say on the next page what was done or why not."""
    try:
        done = act()
    except CannotBeDone as error:
        messages.error(request, str(error))
        return None
    _say(request, done)
    return done


def _say(request: Request, done: Done) -> None:
    (messages.warning if done.warning else messages.success)(request, done.words)


def _grace() -> dict[str, object]:
    return {"days": GRACE.days, "until": timezone.now() + GRACE}
