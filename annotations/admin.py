from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, StreamingHttpResponse

from corpus.life_admin import BOTH, LIFE_ACTIONS, LifeFilter

from .acts import claims, marks
from .acts.done import Seen
from .exports import FORMATS, annotation_rows, encoded
from .exports.tables import csv_pieces
from .models import (
    Annotation,
    AnnotationQuerySet,
    Claim,
    ClaimCoding,
    ClaimInUse,
    Code,
    Codebook,
    CodebookVersion,
    Coding,
    EditConflict,
    Numbering,
    Rejection,
    Revision,
    Target,
    Variable,
)

# A document's name is all that a list shows of it.
LONG_FIELDS = [f"document__{name}" for name in ("text", "original", "paragraphs", "sentences")]


class ReadOnly:
    """For what is written by the app alone: a log, a kept version, a mark with its history."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Ended(ReadOnly):
    """What is never written here, and yet archived, deleted and brought back: `acts` check and log
    that."""

    acts: Any

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)  # type: ignore[arg-type]

    def hindered(self, rows: list[Any]) -> list[str]:
        """Those that cannot be deleted, and why."""
        return []

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        rows = list(objs)
        told = [*map(str, rows), "Each can be brought back here and in the history."]
        return told, {"in all": len(rows)}, set(), self.hindered(rows)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.end(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        self.end(request, queryset)

    def end(self, request: HttpRequest, rows: Iterable[Any]) -> None:
        self._do(request, self.acts.delete, [(row, Seen(row)) for row in rows])

    @admin.action(permissions=["delete"], description="Bring back what was deleted", location=BOTH)
    def bring_back(self, request: HttpRequest, queryset: Any) -> None:
        self._do(request, self.acts.bring_back, [(row, row) for row in queryset])

    # Nothing is changed here but by these acts, so the right to delete is the one that is asked for.
    @admin.action(permissions=["delete"], description="Archive", location=BOTH)
    def archive(self, request: HttpRequest, queryset: Any) -> None:
        self._do(request, self.acts.archive, [(row, Seen(row)) for row in queryset])

    @admin.action(permissions=["delete"], description="Take out of the archive", location=BOTH)
    def take_out_of_archive(self, request: HttpRequest, queryset: Any) -> None:
        self._do(request, self.acts.take_out, [(row, row) for row in queryset])

    def _do(self, request: HttpRequest, act: Any, rows: Iterable[tuple[Any, Any]]) -> None:
        for row, values in rows:
            try:
                act(row.collection, request.user, values)
            except (ClaimInUse, EditConflict, ValidationError, PermissionDenied) as error:
                self._tell(request, row, error)

    def _tell(self, request: HttpRequest, row: Any, error: Exception) -> None:
        why = " ".join(map(str, getattr(error, "messages", error.args)))
        if isinstance(error, ClaimInUse):
            why = "it is in use"
        elif isinstance(error, EditConflict):
            why = "it was deleted or merged"
        self.message_user(request, f"{row}: {why}", messages.ERROR)  # type: ignore[attr-defined]


class TargetInline(ReadOnly, admin.TabularInline):
    model = Target
    fields = ["order", "role", "document", "start", "end", "exact"]
    extra = 0


class CodingInline(ReadOnly, admin.TabularInline):
    model = Coding
    fk_name = "annotation"
    fields = ["variable", "code"]
    extra = 0


@admin.register(Annotation)
class AnnotationAdmin(Ended, admin.ModelAdmin):
    acts = marks
    list_display = ["quoted", "motivation", "claim", "creator", "collection", "modified", "deleted"]
    list_filter = [LifeFilter, "collection", "motivation", "creator", "unsure", "created"]
    search_fields = ["id", "targets__exact", "note", "claim__statement"]
    list_select_related = ["claim", "creator", "collection"]
    inlines = [TargetInline, CodingInline]
    date_hierarchy = "created"
    actions = ["export_as_table", *LIFE_ACTIONS]

    def get_queryset(self, request: HttpRequest) -> Any:
        return Annotation.objects.prefetch_related("targets")

    @admin.action(
        permissions=["view"],
        description="Export as a table (CSV)",
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def export_as_table(
        self, request: HttpRequest, queryset: AnnotationQuerySet
    ) -> StreamingHttpResponse:
        chosen = Annotation.objects.filter(pk__in=queryset.values("pk"))
        response = StreamingHttpResponse(
            encoded(csv_pieces(annotation_rows(chosen))), content_type=FORMATS["csv"].media_type
        )
        response["Content-Disposition"] = 'attachment; filename="annotations.csv"'
        return response

    @admin.display(description="Passage")
    def quoted(self, annotation: Annotation) -> str:
        words = next((target.exact for target in annotation.targets.all()), "")
        return words[:80] or "(whole document)"

    @admin.display(boolean=True)
    def deleted(self, annotation: Annotation) -> bool:
        return annotation.deleted


@admin.register(Target)
class TargetAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["exact", "document", "role", "start", "end"]
    list_filter = ["role", "document__collection"]
    search_fields = ["exact", "document__title"]
    list_select_related = ["document"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return Target.objects.defer(*LONG_FIELDS)


@admin.register(Coding)
class CodingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["variable", "code", "creator", "annotation"]
    list_filter = ["variable__codebook__collection", "variable__label"]
    search_fields = ["code__label", "code__key", "creator__username"]
    list_select_related = ["variable", "code", "creator", "annotation__creator"]


class ClaimCodingInline(ReadOnly, admin.TabularInline):
    model = ClaimCoding
    fields = ["variable", "code"]
    extra = 0


@admin.register(Claim)
class ClaimAdmin(Ended, admin.ModelAdmin):
    acts = claims
    list_display = [
        "number",
        "statement",
        "collection",
        "occurrences",
        "creator",
        "modified",
        "merged_into",
    ]
    list_filter = [LifeFilter, "collection", "creator", "created"]
    list_display_links = ["statement"]
    search_fields = ["statement", "description"]
    list_select_related = ["collection", "creator", "merged_into"]
    inlines = [ClaimCodingInline]
    actions = LIFE_ACTIONS

    def hindered(self, rows: list[Any]) -> list[str]:
        marked: Any = Claim.objects.with_counts().filter(pk__in=[row.pk for row in rows])
        return [
            f"{row}: {row.occurrence_count} marks are about it. Merge it into another claim."
            for row in marked
            if row.occurrence_count
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return Claim.objects.with_counts()

    @admin.display(ordering="occurrence_count")
    def occurrences(self, claim: Any) -> int:
        return int(claim.occurrence_count)


@admin.register(ClaimCoding)
class ClaimCodingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["claim", "variable", "code"]
    list_filter = ["variable__codebook__collection", "variable__label"]
    search_fields = ["claim__statement", "code__label"]
    list_select_related = ["claim", "variable", "code"]


@admin.register(Numbering)
class NumberingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["collection", "last"]
    search_fields = ["collection__name"]
    list_select_related = ["collection"]


@admin.register(Revision)
class RevisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["created", "user", "kind", "action", "annotation", "claim", "collection"]
    list_filter = ["collection", "user", "kind", "action"]
    search_fields = ["annotation__id", "claim__statement", "operation", "user__username"]
    list_select_related = ["user", "annotation__creator", "claim", "collection"]
    date_hierarchy = "created"


@admin.register(Codebook)
class CodebookAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "version", "collection"]
    list_filter = ["collection"]
    search_fields = ["name", "collection__name"]
    list_select_related = ["collection"]


@admin.register(CodebookVersion)
class CodebookVersionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["codebook", "version", "summary", "creator", "created"]
    list_filter = ["codebook__collection", "creator"]
    search_fields = ["summary"]
    list_select_related = ["codebook", "creator"]


@admin.register(Variable)
class VariableAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["label", "key", "level", "choice", "scale", "codebook"]
    list_filter = ["codebook__collection", "choice", "scale", "core"]
    search_fields = ["label", "key", "question"]
    list_select_related = ["codebook"]


@admin.register(Code)
class CodeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["label", "key", "variable", "colour", "shortcut", "retired"]
    list_filter = ["variable__codebook__collection", "retired", "variable__label"]
    search_fields = ["label", "key", "definition"]
    list_select_related = ["variable__codebook"]


@admin.register(Rejection)
class RejectionAdmin(ReadOnly, admin.ModelAdmin):
    """Where one is deleted, the passage is offered again; so it goes with its document."""

    list_display = ["claim", "document", "start", "end", "user", "created"]
    list_filter = ["claim__collection", "user"]
    search_fields = ["claim__statement"]
    list_select_related = ["claim", "document", "user"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return Rejection.objects.defer(*LONG_FIELDS)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
