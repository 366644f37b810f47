from dataclasses import replace
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator, URLValidator

from .acts.collections import Duplicate
from .acts.people import LAST, is_last_owner
from .imports import ENDINGS, ReadingError
from .imports.storing import Pasted, Source, Upload
from .models import Collection, Document, Membership, Role


class CollectionForm(forms.ModelForm):
    class Meta:
        model = Collection
        fields = ["name", "description", "blind"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}


class MemberForm(forms.ModelForm):
    """Take somebody who has an account into a collection, by name."""

    username = forms.CharField(label="Name they sign in with", max_length=150)
    field_order = ["username", "role"]

    class Meta:
        model = Membership
        fields = ["role"]

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        person = get_user_model().objects.filter(username=name, is_active=True).first()
        if person is None:
            raise forms.ValidationError(f"Nobody here signs in as {name}.", code="unknown")
        if Membership.objects.filter(collection=self.instance.collection, user=person).exists():
            raise forms.ValidationError(f"{name} is in this collection already.", code="twice")
        self.instance.user = person
        return name


class RoleForm(forms.ModelForm):
    class Meta:
        model = Membership
        fields = ["role"]

    def clean_role(self) -> Any:
        role = self.cleaned_data["role"]
        if role != Role.OWNER and is_last_owner(self.instance):
            raise forms.ValidationError(LAST, code="last")
        return role


class DuplicateForm(forms.Form):
    """What the copy of a collection is called."""

    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    people = forms.BooleanField(
        required=False,
        label="Its people come along",
        help_text="In the roles that they have here.",
    )

    def duplicate(self) -> Duplicate:
        return Duplicate(self.cleaned_data["name"], people=self.cleaned_data["people"])


class MoveForm(forms.Form):
    """Where a document goes, and whether it also stays."""

    into = forms.ModelChoiceField(Collection.objects.none(), label="To the collection")
    how = forms.ChoiceField(
        label="How",
        choices=[("copy", "Copy it, without marks"), ("move", "Move it")],
        initial="copy",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, user: User, collection: Collection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = (  # type: ignore[attr-defined]
            Collection.objects.in_use().curated_by(user).exclude(pk=collection.pk).order_by("name")
        )
        if collection.archived_at is not None:
            self.fields["how"].choices = [("copy", "Copy it, without marks")]  # type: ignore[attr-defined]


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files. An empty one is no error here: the import says what became of it."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        single = super().clean
        return [single(file, initial) for file in data or []]


class ImportForm(forms.Form):
    """Files to import, or a pasted text, or both."""

    uploads = FilesField(
        label="Files",
        required=False,
        allow_empty_file=True,
        widget=FilesInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    title = forms.CharField(
        required=False, max_length=500, help_text="Left empty, it is taken from the text."
    )
    text = forms.CharField(
        required=False, strip=False, widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["uploads"] and not cleaned["text"].strip():
            raise forms.ValidationError("Choose files, or paste a text.", code="nothing")
        if not self.errors and cleaned["text"].strip():
            # Said here and not in the report, so that what was pasted is not lost.
            try:
                pasted = Pasted(cleaned["text"], cleaned["title"])
                cleaned["pasted"] = replace(pasted, found=pasted.read()[1][0])
            except ReadingError as error:
                self.add_error("text", error.reason)
        return cleaned

    def sources(self) -> list[Source]:
        """What is to be imported, in the order in which it was given."""
        sources: list[Source] = [
            Upload(file.name or "Unnamed file", file.size or 0, file.read)
            for file in self.cleaned_data["uploads"]
        ]
        if "pasted" in self.cleaned_data:
            sources.append(self.cleaned_data["pasted"])
        return sources


class DocumentForm(forms.ModelForm):
    """What is known about a document. Its text is not here: that never changes."""

    class Meta:
        model = Document
        fields = ["title", "byline", "publisher", "published_on", "url", "language", "rights"]
        labels = {"published_on": "Date", "url": "Address"}
        error_messages = {
            "url": {"invalid": "An address is such as https://example.org/news."},
        }
        widgets = {
            "published_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "rights": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "byline", "publisher", "rights"):
            self.fields[name].widget.attrs["dir"] = "auto"
        self.fields["url"].validators.append(URLValidator(["http", "https"]))
        self.fields["language"].validators.append(
            RegexValidator(
                r"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\Z", "A language tag is such as en or pt-BR."
            )
        )
