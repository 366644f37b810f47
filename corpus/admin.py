import io
import zipfile
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from .acts.people import LAST, is_last_owner
from .acts.resetting import make_link
from .life_admin import (
    LIFE_ACTIONS,
    LifeFilter,
    Lively,
    batch_acts,
    collection_acts,
    document_acts,
    member_acts,
)
from .models import (
    Collection,
    Derivation,
    Document,
    ImportBatch,
    ImportedFile,
    Membership,
    Role,
    SecurityEvent,
    SignedIn,
    SignInTries,
    StoredComparison,
    Story,
    WaitingComparison,
    Worker,
)
from .people import places
from .people.log import Kind, log
from .text import visible

admin.site.site_header = "Copytaster, for the keepers of the corpus"
admin.site.site_title = "Copytaster"
admin.site.index_title = "Everything that is stored"

LIFE = ["archived_at", "deleted_at", "deleted_by"]


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    can_delete = False  # that is an act, which keeps an owner and can be taken back
    autocomplete_fields = ["user"]


@admin.register(Collection)
class CollectionAdmin(Lively):
    list_display = ["name", "slug", "documents", "blind", "created", "archived_at", "deleted_at"]
    list_filter = [LifeFilter, "blind", "created"]
    search_fields = ["name", "slug", "description"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["created", *LIFE]
    actions = LIFE_ACTIONS
    inlines = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        return Collection.everything.with_counts()

    def acts(self, row: Collection) -> dict[str, Any]:
        return collection_acts(row)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for part in [*formset.new_objects, *(row for row, _ in formset.changed_objects)]:
            _note_role(request, part)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # they are made on the site, where they get an owner and a codebook

    @admin.display(ordering="document_count")
    def documents(self, collection: Any) -> int:
        return int(collection.document_count)


@admin.register(Membership)
class MembershipAdmin(Lively):
    list_display = ["user", "collection", "role", "archived_at", "deleted_at"]
    list_filter = [LifeFilter, "role", "collection"]
    readonly_fields = LIFE
    actions = LIFE_ACTIONS
    search_fields = ["user__username", "collection__name"]
    autocomplete_fields = ["user", "collection"]
    list_select_related = ["user", "collection"]

    def acts(self, row: Membership) -> dict[str, Any]:
        return member_acts(row)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _note_role(request, obj)

    def hindered(self, rows: list[Any]) -> list[str]:
        return [f"{row}: {LAST}" for row in rows if row.role == Role.OWNER and is_last_owner(row)]


@admin.register(Document)
class DocumentAdmin(Lively):
    list_display = [
        "title",
        "publisher",
        "published_on",
        "collection",
        "length",
        "imported_at",
        "archived_at",
        "deleted_at",
    ]
    list_filter = [LifeFilter, "collection", "publisher", "language", "reader", "published_on"]
    search_fields = ["title", "byline", "publisher", "url", "text"]
    date_hierarchy = "published_on"
    autocomplete_fields = ["replaces", "story"]
    list_select_related = ["collection"]
    delete_confirmation_max_display = 50
    fields = [
        "collection",
        "title",
        "byline",
        "publisher",
        "published_on",
        "url",
        "language",
        "rights",
        "story",
        "replaces",
        "batch",
        "reader",
        "original_name",
        "imported_at",
        "length",
        "sha256",
        *LIFE,
        "shown_text",
    ]
    readonly_fields = [
        "collection",
        "batch",
        "reader",
        "original_name",
        "imported_at",
        "length",
        "sha256",
        *LIFE,
        "shown_text",
    ]
    actions = ["download_texts", *LIFE_ACTIONS]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return Document.everything.defer("original", "paragraphs", "sentences")

    def acts(self, row: Document) -> dict[str, Any]:
        return document_acts(row)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a document comes in through an import, which keeps the file

    @admin.display(description="Text")
    def shown_text(self, document: Document) -> SafeString:
        return format_html('<div class="readonly-text" dir="auto">{}</div>', visible(document.text))

    @admin.action(
        description="Download the text",
        description_plural="Download the texts",
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def download_texts(self, request: HttpRequest, queryset: QuerySet[Document]) -> HttpResponse:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for document in queryset.order_by("pk").iterator(chunk_size=200):
                name = f"{document.pk:06}-{slugify(document.title)[:60] or 'document'}.txt"
                archive.writestr(zipfile.ZipInfo(name), document.text)
        response = HttpResponse(buffer.getvalue(), content_type="application/zip")
        response["Content-Disposition"] = 'attachment; filename="documents.zip"'
        return response


class ImportedFileInline(admin.TabularInline):
    model = ImportedFile
    extra = 0
    can_delete = False
    readonly_fields = ["name", "outcome", "document", "reason", "line"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ImportBatch)
class ImportBatchAdmin(Lively):
    list_display = ["__str__", "collection", "creator", "created", "archived_at", "deleted_at"]
    list_filter = [LifeFilter, "collection", "created"]
    search_fields = ["files__name", "collection__name", "creator__username"]
    readonly_fields = ["collection", "creator", "created", *LIFE]
    actions = LIFE_ACTIONS
    list_select_related = ["collection", "creator"]
    inlines = [ImportedFileInline]

    def acts(self, row: ImportBatch) -> dict[str, Any]:
        return batch_acts(row)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(ImportedFile)
class ImportedFileAdmin(admin.ModelAdmin):
    list_display = ["name", "outcome", "reason", "line", "document", "batch"]
    list_filter = ["outcome", "batch__collection"]
    search_fields = ["name", "reason"]
    readonly_fields = ["batch", "name", "outcome", "document", "reason", "line"]
    list_select_related = ["document", "batch"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Story)
class StoryAdmin(admin.ModelAdmin):
    list_display = ["name", "collection"]
    list_filter = ["collection"]
    search_fields = ["name"]
    autocomplete_fields = ["collection"]
    list_select_related = ["collection"]


@admin.register(Derivation)
class DerivationAdmin(admin.ModelAdmin):
    list_display = ["derived", "source", "relation", "score", "algorithm"]
    list_filter = ["relation", "algorithm"]
    search_fields = ["source__title", "derived__title"]
    autocomplete_fields = ["source", "derived"]
    list_select_related = ["source", "derived"]


def _note_role(request: HttpRequest, part: Membership) -> None:
    log(
        Kind.ROLE,
        user=request.user,
        about=part.user,
        collection=part.collection,
        request=request,
        words=f"In the administration: {part.user} as {part.role}.",
    )


RIGHTS = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")

admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """An account is not deleted: what a person marked keeps their name. It is closed instead."""

    actions = ["close", "open_again", "hand_over_link"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        person = form.instance
        if rights := [name for name in RIGHTS if name in form.changed_data or not change]:
            given = [name for name in rights[:3] if getattr(person, name)]
            words = f"Rights of {person} in the administration: {', '.join(rights)} changed"
            words += f"; now {', '.join(given)}." if given else "."
            log(Kind.ROLE, user=request.user, about=person, request=request, words=words)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(
        permissions=["change"],
        description="Close the account: no more signing in, the marks stay",
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def close(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset.filter(is_active=True).exclude(pk=request.user.pk or 0):
            User.objects.filter(pk=user.pk).update(is_active=False)
            self.log_change(request, user, "Account closed.")
            words = f"Account of {user} closed."
            log(Kind.ROLE, user=request.user, about=user, request=request, words=words)
            self.message_user(request, f"{user} cannot sign in any more; their marks stay.")

    @admin.action(
        permissions=["change"],
        description="Open the account again",
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def open_again(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset.filter(is_active=False):
            User.objects.filter(pk=user.pk).update(is_active=True)
            self.log_change(request, user, "Account opened again.")
            words = f"Account of {user} opened again."
            log(Kind.ROLE, user=request.user, about=user, request=request, words=words)
            self.message_user(request, f"{user} can sign in again.")

    @admin.action(description="Make a link to a new password (one person)")
    def hand_over_link(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        people = list(queryset[:2])
        if len(people) != 1:
            self.message_user(request, "Tick one person.", level=messages.ERROR)
            return None
        keeper = request.user
        assert isinstance(keeper, User)  # noqa: S101  the administration lets nobody else in
        try:
            done = make_link(None, keeper, people[0], request=request)
        except PermissionDenied as error:
            self.message_user(request, str(error), level=messages.ERROR)
            return None
        context = {
            "person": people[0],
            "link": request.build_absolute_uri(done.made),
            "back": reverse("admin:auth_user_changelist"),
        }
        return render(request, "account/reset_link.html", context)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        response: HttpResponse = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            person = User.objects.get(pk=id)
            log(Kind.RESET, user=request.user, about=person, request=request, words=f"Of {person}.")
            own = person == request.user
            places.end(person, but=(request.session.session_key or "") if own else "")
        return response


class Unchanged(admin.ModelAdmin):
    """To be looked at: the site writes it, nobody else."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SignedIn)
class SignedInAdmin(Unchanged):
    list_display = ["user", "device", "address", "since", "last_seen"]
    search_fields = ["user__username"]
    list_select_related = ["user"]


@admin.register(SignInTries)
class SignInTriesAdmin(Unchanged):
    list_display = ["since", "count", "key"]
    search_fields = ["key"]


@admin.register(SecurityEvent)
class SecurityEventAdmin(Unchanged):
    list_display = ["created", "kind", "name", "about", "collection", "address", "words"]
    list_filter = ["kind", "created", "collection"]
    search_fields = ["name", "words", "address"]
    list_select_related = ["about", "collection"]
    date_hierarchy = "created"


@admin.register(WaitingComparison)
class WaitingComparisonAdmin(admin.ModelAdmin):
    list_display = ["first", "second", "too_long"]
    search_fields = ["first__title", "second__title"]
    readonly_fields = ["first", "second", "too_long"]
    list_select_related = ["first", "second"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # imports leave them, and comparing takes them away


@admin.register(StoredComparison)
class StoredComparisonAdmin(Unchanged):
    list_display = ["source", "derived", "version", "size"]
    search_fields = ["source", "derived"]
    exclude = ["value"]


@admin.register(Worker)
class WorkerAdmin(Unchanged):
    list_display = ["host", "process", "seen"]
