"""What a reader sends of a claim: its statement, its sheet, a merge, a split."""

from dataclasses import replace
from typing import Any

from django import forms

from annotations.models import Claim, Variable
from annotations.states import ClaimState
from corpus.models import Collection

from .marks import ViewField
from .words import choices_of


class ClaimForm(forms.Form):
    """A claim's statement, trimmed and on one line."""

    statement = forms.CharField(max_length=Claim._meta.get_field("statement").max_length)
    version = forms.IntegerField(required=False, min_value=1)
    view = ViewField(required=False)

    def clean_statement(self) -> str:
        return " ".join(self.cleaned_data["statement"].split())


class ClaimSheet(forms.Form):
    """A claim with its description and its codes."""

    statement = forms.CharField(
        max_length=Claim._meta.get_field("statement").max_length,
        help_text=Claim._meta.get_field("statement").help_text,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    description = forms.CharField(
        required=False,
        max_length=10_000,
        help_text="What counts as making it and what does not. Coders read this.",
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, collection: Collection, claim: Claim | None = None
    ) -> None:
        self.before = claim.as_state() if claim else ClaimState(statement="")
        super().__init__(
            data,
            initial={
                "statement": self.before.statement,
                "description": self.before.description,
                "version": claim.version if claim else None,
            },
        )
        self.variables = [
            row
            for row in Variable.objects.filter(codebook__collection=collection)
            .prefetch_related("codes")
            .order_by("order", "pk")
            if "claim" in row.level and row.codes.all()
        ]
        for variable in self.variables:
            self.fields[f"code_{variable.key}"] = self._question(variable)

    def _question(self, variable: Variable) -> forms.ChoiceField:
        chosen = [code for key, code in self.before.codings if key == variable.key]
        options = choices_of(variable, tuple(chosen))
        many = variable.choice == Variable.Choice.MANY
        field = (
            forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple)
            if many
            else forms.ChoiceField(choices=[("", "Not coded"), *options])
        )
        field.required = False
        field.label, field.help_text = variable.label, variable.question
        field.initial = chosen if many else "".join(chosen[:1])
        return field

    def clean_statement(self) -> str:
        return " ".join(self.cleaned_data["statement"].split())

    def state(self) -> ClaimState:
        """The claim as the form says it; what the form does not ask stays as it was."""
        data = self.cleaned_data
        asked = [variable.key for variable in self.variables]
        kept = [pair for pair in self.before.codings if pair[0] not in asked]
        coded = []
        for key in asked:
            given = data[f"code_{key}"]
            codes = given if isinstance(given, list) else [given]
            coded += [(key, code) for code in codes if code]
        return replace(
            self.before,
            statement=data["statement"],
            description=data["description"],
            codings=(*kept, *coded),
        )


class MergeForm(forms.Form):
    """Which other claim takes this one's passages; the choices come likest first."""

    into = forms.TypedChoiceField(
        coerce=int,
        label="The claim that stays",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the claim that stays."},
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, others: list[Claim], claim: Claim) -> None:
        super().__init__(data, initial={"version": claim.version})
        self.others = {other.pk: other for other in others}
        self.fields["into"].choices = [  # type: ignore[attr-defined]
            (other.pk, other.statement) for other in others
        ]

    @property
    def other(self) -> Claim:
        return self.others[self.cleaned_data["into"]]


class SplitForm(ClaimSheet):
    """A new claim, and the passages that go to it."""

    passages = forms.MultipleChoiceField(
        label="Passages that go to the new claim",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the passages that go to the new claim."},
    )

    def __init__(self, data: Any = None, *, collection: Collection, passages: list[str]) -> None:
        super().__init__(data, collection=collection)
        self.fields["passages"].choices = [(key, key) for key in passages]  # type: ignore[attr-defined]
