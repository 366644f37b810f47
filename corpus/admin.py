import io
import zipfile
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import ActionLocation
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from .models import (
    Collection,
    Derivation,
    Document,
    ImportBatch,
    ImportedFile,
    Membership,
    Story,
)
from .text import visible

admin.site.site_header = "Copytaster, for the keepers of the corpus"
admin.site.site_title = "Copytaster"
admin.site.index_title = "Everything that is stored"


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Collection)
class CollectionAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "documents", "blind", "created"]
    list_filter = ["blind", "created"]
    search_fields = ["name", "slug", "description"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["created"]
    inlines = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        return Collection.objects.with_counts()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # they are made on the site, where they get an owner and a codebook

    @admin.display(ordering="document_count")
    def documents(self, collection: Any) -> int:
        return int(collection.document_count)


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["user", "collection", "role"]
    list_filter = ["role", "collection"]
    search_fields = ["user__username", "collection__name"]
    autocomplete_fields = ["user", "collection"]
    list_select_related = ["user", "collection"]


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    list_display = ["title", "publisher", "published_on", "collection", "length", "imported_at"]
    list_filter = ["collection", "publisher", "language", "reader", "published_on"]
    search_fields = ["title", "byline", "publisher", "url", "text"]
    date_hierarchy = "published_on"
    autocomplete_fields = ["collection", "replaces", "story"]
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
        "shown_text",
    ]
    readonly_fields = [
        "batch",
        "reader",
        "original_name",
        "imported_at",
        "length",
        "sha256",
        "shown_text",
    ]
    actions = ["download_texts"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return Document.objects.defer("original", "paragraphs", "sentences")

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
class ImportBatchAdmin(admin.ModelAdmin):
    list_display = ["__str__", "collection", "creator", "created"]
    list_filter = ["collection", "created"]
    search_fields = ["files__name", "collection__name", "creator__username"]
    readonly_fields = ["collection", "creator", "created"]
    list_select_related = ["collection", "creator"]
    inlines = [ImportedFileInline]

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
