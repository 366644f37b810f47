from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from corpus.acts import people
from corpus.acts.done import CannotBeDone
from corpus.forms import CollectionForm, MemberForm, RoleForm
from corpus.http import Request
from corpus.models import ARCHIVED, MAY_MANAGE, Collection, Membership, Role


@require_http_methods(["GET", "HEAD", "POST"])
def collection_edit(request: Request, slug: str) -> HttpResponse:
    """The collection's name and rules, and its people."""
    collection = Collection.objects.open_to(request.user, slug, MAY_MANAGE, archived=True)
    if request.method == "POST" and collection.archived_at is not None:
        raise PermissionDenied(ARCHIVED)
    form = CollectionForm(request.POST or None, instance=collection)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("corpus:collection_edit", slug)
    return _settings(request, collection, form=form)


@require_POST
def member_add(request: Request, slug: str) -> HttpResponse:
    collection = Collection.objects.open_to(request.user, slug, MAY_MANAGE, archived=True)
    form = MemberForm(request.POST, instance=Membership(collection=collection))
    if form.is_valid():
        person = form.instance.user, form.cleaned_data["role"]
        done = people.take_in(collection, request.user, person)
        messages.success(request, done.words)
        return redirect("corpus:collection_edit", slug)
    return _settings(request, collection, member_form=form)


@require_POST
def member_edit(request: Request, slug: str, pk: int) -> HttpResponse:
    """Change a person's role, or take them out."""
    collection = Collection.objects.open_to(request.user, slug, MAY_MANAGE, archived=True)
    membership = get_object_or_404(
        Membership.objects.select_related("user"), collection=collection, pk=pk
    )
    if "remove" in request.POST:
        try:
            done = people.take_out(collection, request.user, membership.pk)
        except CannotBeDone as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done.words)
            if membership.user_id == request.user.pk:
                return redirect("home")
        return redirect("corpus:collection_edit", slug)
    form = RoleForm(request.POST, instance=membership)
    if form.is_valid():
        values = membership.pk, form.cleaned_data["role"]
        try:
            messages.success(request, people.give_role(collection, request.user, values).words)
        except CannotBeDone as error:
            messages.error(request, str(error))
    else:
        messages.error(request, " ".join(str(error) for error in form.errors.get("role", [])))
    return redirect("corpus:collection_edit", slug)


def _settings(
    request: Request,
    collection: Collection,
    *,
    form: CollectionForm | None = None,
    member_form: MemberForm | None = None,
) -> HttpResponse:
    bad = any(shown is not None and shown.errors for shown in (form, member_form))
    context = {
        "collection": collection,
        "form": form or CollectionForm(instance=collection),
        "member_form": member_form or MemberForm(),
        "memberships": collection.memberships.select_related("user").order_by("user__username"),
        "roles": Role.choices,
    }
    status = 422 if bad else 200
    return render(request, "corpus/collection_edit.html", context, status=status)
