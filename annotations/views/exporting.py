from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from annotations.exports import FORMATS, Format, Origin, annotation_rows
from annotations.models import (
    Annotation,
    AnnotationQuerySet,
    Claim,
    Known,
    known_claims,
    listed_claims,
)
from annotations.reader.address import titles_of
from corpus.http import Request
from corpus.models import Collection, Document

MANY = 500  # documents, or claims, beyond which a list to choose from helps nobody


class NumberedClaim(forms.TypedChoiceField):
    """A claim, chosen by the number that the pages show to the person."""

    def offer(self, claims: list[Claim]) -> None:
        by_number = {str(claim.number): claim for claim in claims}
        self.coerce = by_number.__getitem__
        self.choices = [
            ("", "All claims"),
            *((number, f"{number}. {claim}") for number, claim in by_number.items()),
        ]


class NamedDocument(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A document, chosen by a title that no other has."""

    titles: dict[int, str]

    def offer(self, documents: QuerySet[Document], titles: dict[int, str]) -> None:
        self.titles = titles
        self.queryset = documents

    def label_from_instance(self, obj: Any) -> str:
        return self.titles.get(obj.pk) or str(obj)


class ExportForm(forms.Form):
    """What to export, of what the person may see."""

    format = forms.ChoiceField(
        choices=[(each.key, each.name) for each in FORMATS.values()],
        widget=forms.RadioSelect,
        required=False,
    )
    coder = forms.ModelChoiceField(
        User.objects.none(), required=False, to_field_name="username", empty_label="Everybody"
    )
    document = NamedDocument(Document.objects.none(), required=False, empty_label="All documents")
    claim = NumberedClaim(required=False, empty_value=None)
    archived = forms.BooleanField(required=False, label="With what is archived")

    def __init__(self, data: Any, *, collection: Collection, seen: AnnotationQuerySet) -> None:
        super().__init__(data, label_suffix="")
        self.fields["coder"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            pk__in=seen.values("creator")
        ).order_by("username")
        documents = Document.objects.filter(collection=collection).for_lists().in_order()
        listed = list(documents[: MANY + 1])
        claims = listed_claims(collection.viewer, collection)
        cast(NamedDocument, self.fields["document"]).offer(documents, titles_of(listed))
        cast(NumberedClaim, self.fields["claim"]).offer(claims)
        for name, count in (("document", len(listed)), ("claim", len(claims))):
            if count > MANY:
                hints = {"min": 1, "placeholder": "Its number"}
                self.fields[name].widget = forms.NumberInput(attrs=hints)

    def clean_format(self) -> Format:
        return FORMATS[self.cleaned_data["format"] or "csv"]

    def chosen(self, seen: AnnotationQuerySet) -> AnnotationQuerySet:
        """The annotations that all filters let through; what is archived only where asked for."""
        if not self.cleaned_data["archived"]:
            seen = seen.live()
        if coder := self.cleaned_data["coder"]:
            seen = seen.by(coder)
        if document := self.cleaned_data["document"]:
            seen = seen.on(document)
        if claim := self.cleaned_data["claim"]:
            seen = seen.about(claim)
        return seen


@require_safe
def export(request: Request, slug: str) -> HttpResponse:
    """Choose a format, see how it begins, take it home."""
    collection = Collection.objects.open_to(request.user, slug)
    seen = _seen(request, collection)
    form = ExportForm(request.GET, collection=collection, seen=seen)
    return _page(request, collection, form, seen=seen)


@require_safe
def export_download(request: Request, slug: str) -> HttpResponse | StreamingHttpResponse:
    collection = Collection.objects.open_to(request.user, slug)
    seen = _seen(request, collection)
    form = ExportForm(request.GET, collection=collection, seen=seen)
    if not form.is_valid():
        return _page(request, collection, form, seen=seen)
    chosen: Format = form.cleaned_data["format"]
    response = StreamingHttpResponse(
        chosen.write(
            annotation_rows(form.chosen(seen), known=_known_claims(request, collection)),
            _origin(request, collection),
            request.build_absolute_uri(_download_url(collection, form)),
        ),
        content_type=chosen.media_type,
    )
    name = f"{collection.slug}-annotations.{chosen.suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _seen(request: Request, collection: Collection) -> AnnotationQuerySet:
    return Annotation.objects.seen_by(request.user, collection).alive()


def _origin(request: Request, collection: Collection) -> Origin:
    return Origin(request.build_absolute_uri("/"), collection.slug, collection.name)


def _download_url(collection: Collection, form: ExportForm) -> str:
    """The address of the export that the form asks for: the filters set, in one order."""
    query = {"format": form.cleaned_data["format"].key}
    for name in ("coder", "document", "claim", "archived"):
        if form.cleaned_data[name]:
            query[name] = form.data[name]
    return reverse("annotations:export_download", args=[collection.slug], query=query)


def _page(
    request: Request, collection: Collection, form: ExportForm, *, seen: AnnotationQuerySet
) -> HttpResponse:
    context: dict[str, Any] = {
        "collection": collection,
        "form": form,
        "formats": FORMATS.values(),
        "own_only": collection.blind and not collection.may_curate,
    }
    if form.is_valid():
        chosen: Format = form.cleaned_data["format"]
        annotations = form.chosen(seen)
        total, marks = annotations.count(), annotations.marks().count()
        context |= {
            "chosen": chosen,
            "total": total,
            "mark_count": marks,
            "answer_count": total - marks,
            "download_url": _download_url(collection, form),
            "preview": chosen.preview(
                annotation_rows(
                    annotations,
                    limit=chosen.previewed,
                    known=_known_claims(request, collection),
                ),
                _origin(request, collection),
            ),
        }
    template = "annotations/export.html"
    if request.htmx:
        template += "#preview"
    return render(request, template, context, status=200 if form.is_valid() else 422)


def _known_claims(request: Request, collection: Collection) -> dict[int, Known] | None:
    return known_claims(request.user, collection)
