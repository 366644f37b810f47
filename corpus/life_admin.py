"""Deleting in the administration is the act of the site: out of sight, and brought back for 30 days."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from .acts import batches, collections, documents, people
from .acts.done import CannotBeDone, Done
from .models import GRACE, Collection, Document, ImportBatch, Membership
from .weighing import weigh_collection, weigh_documents

BOTH = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]
LIFE_ACTIONS = ["archive", "take_out_of_archive", "bring_back"]


class LifeFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "life"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("use", "In use"), ("archive", "Archived"), ("deleted", "Deleted")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        match self.value():
            case "use":
                return queryset.in_use()
            case "archive":
                return queryset.archived()
            case "deleted":
                return queryset.deleted()
        return queryset


class Lively(admin.ModelAdmin):  # type: ignore[type-arg]
    """An admin page of something that is deleted softly; the acts check and log."""

    def acts(self, row: Any) -> dict[str, Any]:
        """The acts by name, and under "of" the collection and values they take."""
        raise NotImplementedError

    def weigh(self, row: Any) -> list[str]:
        """What goes with it, in words."""
        return words_of(row)

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.model.everything.all()

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        rows = list(objs)
        told: list[Any] = []
        for row in rows:
            told += [f"{row}", self.weigh(row)] if self.weigh(row) else [f"{row}"]
        told.append(f"All of this can be brought back for {GRACE.days} days.")
        return told, {str(self.opts.verbose_name_plural): len(rows)}, set(), self.hindered(rows)

    def hindered(self, rows: list[Any]) -> list[str]:
        """Those that cannot be deleted, and why."""
        return []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.do(request, "delete", [obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.do(request, "delete", queryset)

    def do(self, request: HttpRequest, name: str, rows: Iterable[Any]) -> None:
        for row in rows:
            acts = self.acts(row)
            collection, values = acts["of"]
            try:
                done: Done = acts[name](collection, request.user, values)
            except (CannotBeDone, PermissionDenied) as error:
                self.message_user(request, f"{row}: {error}", messages.ERROR)
            else:
                level = messages.WARNING if done.warning else messages.SUCCESS
                self.message_user(request, done.words, level)

    @admin.action(
        permissions=["delete"],
        description="Bring back what was deleted",
        location=BOTH,
    )
    def bring_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.do(request, "bring_back", queryset)

    @admin.action(permissions=["change"], description="Archive", location=BOTH)
    def archive(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.do(request, "archive", queryset)

    @admin.action(permissions=["change"], description="Take out of the archive", location=BOTH)
    def take_out_of_archive(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.do(request, "take_out_of_archive", queryset)


def collection_acts(row: Collection) -> dict[str, Any]:
    return {
        "of": (row, None),
        "delete": collections.delete,
        "bring_back": collections.bring_back,
        "archive": collections.archive,
        "take_out_of_archive": collections.take_out,
    }


def document_acts(row: Document) -> dict[str, Any]:
    return {
        "of": (row.collection, [row.pk]),
        "delete": documents.delete,
        "bring_back": documents.bring_back,
        "archive": documents.archive,
        "take_out_of_archive": documents.take_out,
    }


def batch_acts(row: ImportBatch) -> dict[str, Any]:
    return {
        "of": (row.collection, row.pk),
        "delete": batches.delete,
        "bring_back": batches.bring_back,
        "archive": batches.archive,
        "take_out_of_archive": batches.take_out,
    }


def member_acts(row: Membership) -> dict[str, Any]:
    return {
        "of": (row.collection, row.pk),
        "delete": people.take_out,
        "bring_back": people.bring_back,
        "archive": people.archive,
        "take_out_of_archive": people.take_up,
    }


def words_of(row: Collection | Document | ImportBatch | Membership) -> list[str]:
    """What goes with it when it is deleted."""
    match row:
        case Collection():
            return [str(weight) for weight in weigh_collection(row)]
        case Document():
            weights = weigh_documents(Document.objects.filter(pk=row.pk))
            return [str(weight) for weight in weights]
        case ImportBatch():
            rows = Document.objects.filter(batch=row)
            count = rows.count()
            return [f"{count:,} documents", *(str(weight) for weight in weigh_documents(rows))]
    return []
