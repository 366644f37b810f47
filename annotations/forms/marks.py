"""What a reader sends of a mark: a passage, its codes, the claim; a code for a document."""

from collections.abc import Collection as Collect
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import Prefetch, prefetch_related_objects
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from annotations.access import sees_all
from annotations.models import Annotation, Claim, Code, Variable
from annotations.selectors import find_words
from annotations.sources import attribution
from annotations.states import AnnotationState, Codings, TargetRole, TargetState
from annotations.vocabulary import POSITION, SPANS, VOICE
from corpus.http import as_number
from corpus.models import Collection, Document
from corpus.quoting import quotations_near

from .words import choices_of, shorten


def passage_variables(collection: Collection) -> list[Variable]:
    """The questions that are asked of a passage, with their codes, in two queries."""
    variables = Variable.objects.filter(codebook__collection=collection).order_by("order", "pk")
    asked = [row for row in variables if "passage" in row.level]
    codes = Code.objects.only("variable", "key", "label", "order", "retired")
    prefetch_related_objects(asked, Prefetch("codes", codes))
    return [row for row in asked if row.codes.all()]


def spoken(document: Document, *, start: int, end: int) -> dict[TargetRole, tuple[int, int]]:
    """Where the source and the cue of a passage stand, as far as its quotations tell."""
    found = attribution(quotations_near(document, start, end), start=start, end=end)
    if found is None:
        return {}
    spans: dict[TargetRole, Any] = {"source": found.speaker, "cue": found.cue}
    return {role: (span.start, span.end) for role, span in spans.items() if span}


def filled_in(sent: QueryDict, stored: dict[str, Any]) -> MultiValueDict[str, Any]:
    """What a form is to read where only a part was sent: the rest is as it is stored."""
    known = {name: row if isinstance(row, list) else [row] for name, row in stored.items()}
    return MultiValueDict({**known, **dict(sent.lists())})


def coded_anew(
    before: AnnotationState | None, asked: Collect[str], given: Iterable[tuple[str, str]]
) -> Codings:
    """The codes given in the variables asked, and what was set before in any other."""
    stored = before.codings if before else ()
    return (*(pair for pair in stored if pair[0] not in asked), *given)


class ViewField(forms.CharField):
    """The reader page that a change was made on, as its query string."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if not all(as_number(pk) for pk in QueryDict(value).getlist("d")):
            raise forms.ValidationError(
                "The page names its documents by something else than numbers."
            )


class ChangeForm(forms.Form):
    """What every change of a mark says: the version it is based on, and the page it was made on.

    A deleted mark is changed only by one who knows of the deletion and would `bring_back` the mark.
    """

    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    view = ViewField(required=False, widget=forms.HiddenInput)
    bring_back = forms.BooleanField(required=False, widget=forms.HiddenInput)


class ClaimedForm(ChangeForm):
    """A change that may name a claim of the list, or state a new one."""

    collection: Collection
    before: AnnotationState | None
    standing: Claim | None = None  # what the stored claim is by now: itself, or one that took it

    claim = forms.IntegerField(required=False, widget=forms.Select)
    statement = forms.CharField(
        required=False,
        max_length=Claim._meta.get_field("statement").max_length,
        label="Or a new claim",
        help_text=Claim._meta.get_field("statement").help_text,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def offer_claims(self, claims: list[Claim]) -> None:
        """The claims of the list, and the stored one where it would come back with the mark."""
        choices = [(row.pk, f"{row.number}. {row.statement}") for row in claims]
        if self.before and self.before.claim:
            listed = {row.pk: row for row in claims}
            known = Claim.objects.filter(collection=self.collection)
            stored = self.before.claim
            self.standing = listed.get(stored) or known.standing_for(stored)
        if self.standing and not self.standing.current:
            put = "archived" if self.standing.archived_at else "deleted; comes back with the mark"
            choices.append((self.standing.pk, f"{self.standing} ({put})"))
        self.fields["claim"].widget.choices = [("", "No claim yet"), *choices]

    @property
    def stored_claim(self) -> int | str:
        return self.standing.pk if self.standing else ""

    def clean_claim(self) -> int | None:
        """The claim meant: one merged meanwhile leads on, one deleted meanwhile is named."""
        pk: int | None = self.cleaned_data["claim"]
        if pk is None:
            return None
        user = self.collection.viewer
        seen = Claim.objects.seen_by(user, self.collection)
        try:
            claim = seen.standing_for(pk)
            if claim != self.standing and not sees_all(user, self.collection):
                seen.get(pk=claim.pk)
        except Claim.DoesNotExist as error:
            raise forms.ValidationError("This claim is not in the collection.") from error
        if claim.deleted_at is not None and claim != self.standing:
            raise forms.ValidationError(f"The claim “{claim}” was deleted meanwhile.")
        if claim.archived_at is not None and claim != self.standing:
            raise forms.ValidationError(f"The claim “{claim}” is archived.")
        return claim.pk

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen, stored = data.get("claim"), self.standing.pk if self.standing else None
        if chosen and chosen != stored and data.get("statement"):
            self.add_error("statement", "Choose a claim of the list, or state a new one: not both.")
        return data


class PassageForm(ChangeForm):
    """A passage: offsets with the words that must be there, or words to be looked up there."""

    start = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    exact = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    words = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}))

    document: Document | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        document = self.document or data.get("document")
        if document is None or any(data.get(name) is None for name in ("start", "end", "exact")):
            return data
        text = document.text
        if data.get("words"):
            try:
                start, end = find_words(text, data["words"], start=data["start"], end=data["end"])
            except ValueError as error:
                self.add_error("words", str(error))
                return data
            data.update(start=start, end=end, exact=text[start:end])
        start, end, exact = data["start"], data["end"], data["exact"]
        if not start < end <= len(text):
            self.add_error(
                None, f"“{document}” has {len(text)} characters; {start} to {end} is not in it."
            )
        elif text[start:end] != exact:
            self.add_error(
                None,
                f"The words sent are not at {start} to {end} of “{document}”; there stands "
                f"“{shorten(text[start:end])}”. Reload the page and mark again.",
            )
        elif not exact.strip():
            self.add_error(None, "Mark at least one word.")
        return data


class MarkForm(ClaimedForm, PassageForm):
    """One mark on a passage: its claim, its codes, certainty, note, and who said it."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    document = forms.ModelChoiceField(  # type: ignore[assignment]
        Document.objects.none(),
        widget=forms.HiddenInput,
        error_messages={
            "invalid_choice": "This document is not in the collection any more: it may have been "
            "deleted, and an owner can bring it back."
        },
    )
    button = forms.ChoiceField(required=False, widget=forms.RadioSelect, label="What it does")
    note = forms.CharField(
        required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )
    unsure = forms.BooleanField(required=False, label="I am not sure")
    via = forms.UUIDField(required=False, widget=forms.HiddenInput)
    generator = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    source_words = forms.CharField(
        required=False,
        label="Source",
        help_text="The words that name or describe who says it.",
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    cue_words = forms.CharField(
        required=False,
        label="Cue",
        help_text="The words that signal it: said, according to.",
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        collection: Collection,
        claims: list[Claim],
        annotation: Annotation | None = None,
        partial: bool = False,
        **options: Any,
    ) -> None:
        """`annotation` is the stored mark; with `partial`, what is not sent stays as it is there."""
        super().__init__(data, **options)
        self.collection = collection
        self.before = annotation.as_state() if annotation else None
        self.variables = passage_variables(collection)
        documents = Document.objects.filter(collection=collection).for_reading()
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]
        self.offer_claims(claims)
        self._ask_the_codebook()
        if annotation and self.before:
            stored = {
                **_stored(self.before),
                "claim": self.stored_claim,
                "button": self._button(self.before),
            }
            for variable in self.variables:
                codes = list(self.before.codes(variable.key))
                stored[f"code_{variable.key}"] = codes if self._many(variable) else "".join(codes)
            self.initial = {**stored, "version": annotation.version, **self.initial}
            if partial:
                self.data = filled_in(data, stored)

    def _ask_the_codebook(self) -> None:
        for variable in self.variables:
            if variable.key == POSITION and variable.quick_buttons:
                buttons = [(_name(*row[2:]), row[1]) for row in variable.quick_buttons]
                self.fields["button"].choices = [*buttons, ("", "None of these")]  # type: ignore[attr-defined]
                continue
            options = choices_of(variable, self.before.codes(variable.key) if self.before else ())
            field: forms.ChoiceField
            if self._many(variable):
                field = forms.MultipleChoiceField(
                    required=False, choices=options, widget=forms.CheckboxSelectMultiple
                )
                # One code more, or one less where the mark has it.
                self.fields[f"add_code_{variable.key}"] = forms.MultipleChoiceField(
                    required=False, choices=options, widget=forms.MultipleHiddenInput
                )
            else:
                field = forms.ChoiceField(required=False, choices=[("", "Not coded"), *options])
            field.label = variable.label
            field.help_text = variable.question
            self.fields[f"code_{variable.key}"] = field
        if f"code_{POSITION}" in self.fields:
            del self.fields["button"]

    def _many(self, variable: Variable) -> bool:
        """Whether it takes many codes, or did when the mark was given more than one."""
        given = self.before.codes(variable.key) if self.before else ()
        return variable.choice == Variable.Choice.MANY or len(given) > 1

    def _button(self, state: AnnotationState) -> str:
        """The button of a stored mark; one is added where the codebook's buttons have none."""
        voice, position = (next(iter(state.codes(key)), None) for key in (VOICE, POSITION))
        field = self.fields.get("button")
        if field is None or position is None:
            return ""
        choices = field.choices  # type: ignore[attr-defined]
        known = [value for value, _ in choices]
        for named in (_name(voice, position), _name(None, position)):
            if named in known:
                return named
        field.choices = [*choices, (named, position.capitalize())]  # type: ignore[attr-defined]
        return named

    @property
    def code_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("code_")]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        document = data.get("document")
        if self.errors or document is None:
            return data
        self._clean_spans(document, data)
        state = self.state(claim=data["claim"])
        if not (state.codings or state.claim or data["statement"] or state.note):
            raise forms.ValidationError("Choose a claim or a code, or write a note.")
        return data

    def _clean_spans(self, document: Document, data: dict[str, Any]) -> None:
        """Find the source and the cue; what the quotations tell of them goes with a source's voice.

        A button sends neither field and takes what is found; a form sends both, filled in or empty.
        """
        text = document.text
        said = spoken(document, start=data["start"], end=data["end"])
        stored = {target.role: target for target in self.before.targets} if self.before else {}
        # A source may stand a sentence or two away from what it says.
        start, end = max(0, data["start"] - 600), min(len(text), data["end"] + 600)
        for role in SPANS:
            words = data.get(f"{role}_words")
            if not words:
                continue
            # Words that stand here more than once are those stored or suggested.
            known = [said[role]] if role in said else []
            if role in stored:
                known.insert(0, (stored[role].start or 0, stored[role].end or 0))
            same = [span for span in known if text[slice(*span)].split() == words.split()]
            try:
                data[role] = same[0] if same else find_words(text, words, start=start, end=end)
            except ValueError as error:
                self.add_error(f"{role}_words", str(error))
        asked = any(f"{role}_words" in self.data for role in SPANS)
        if "source" in self.state(claim=None).codes(VOICE):
            had = self.before is not None and "source" in self.before.codes(VOICE)
            if not asked and not had:
                data |= {str(role): span for role, span in said.items()}
        elif self.before is None:
            for role in said:
                if data.get(role) == said[role]:
                    del data[role]

    def state(self, *, claim: int | None) -> AnnotationState:
        """What the form says; `claim` is the stored claim, an existing or a new one."""
        data = self.cleaned_data
        document: Document = data["document"]
        spans: list[tuple[TargetRole, int, int]] = [("passage", data["start"], data["end"])]
        spans += [(role, *data[role]) for role in SPANS if data.get(role)]
        targets = tuple(
            TargetState(document.pk, start, end, document.text[start:end], role)
            for role, start, end in spans
        )
        asked = [variable.key for variable in self.variables]
        given = [
            (key, code)
            for key in asked
            for code in _listed(data.get(f"code_{key}")) ^ _listed(data.get(f"add_code_{key}"))
        ]
        codings = coded_anew(self.before, asked, given)
        state = AnnotationState("assessing", targets, codings, claim, data["note"])
        if button := data.get("button"):
            voice, _, position = button.partition(":")
            state = state.coded(**{POSITION: position})
            if voice:
                state = state.coded(**{VOICE: voice})
        return AnnotationState(
            motivation=_motivation(state, statement=data["statement"]),
            targets=targets,
            codings=state.codings,
            claim=claim,
            note=data["note"],
            unsure=data["unsure"],
        )


def _listed(value: str | list[str] | None) -> set[str]:
    return set(value) if isinstance(value, list) else {value} if value else set()


def _motivation(state: AnnotationState, *, statement: str) -> str:
    if state.claim or statement or state.codes(POSITION):
        return "assessing"
    return "classifying" if state.codings else "commenting"


def _name(voice: str | None, position: str) -> str:
    return f"{voice or ''}:{position}"


def _stored(state: AnnotationState) -> dict[str, Any]:
    spans = {target.role: target for target in state.targets}
    passage = spans["passage"]
    return {
        "document": passage.document,
        "start": passage.start,
        "end": passage.end,
        "exact": passage.exact,
        "note": state.note,
        "unsure": state.unsure,
        **{f"{role}_words": spans[role].exact for role in SPANS if role in spans},
    }


class MoveForm(PassageForm):
    """New boundaries for a mark."""

    def __init__(self, data: Any, *, document: Document) -> None:
        super().__init__(data)
        self.document = document


class DocumentCodeForm(forms.Form):
    """One code of a document-level variable, or none to clear it."""

    variable = forms.CharField()
    code = forms.CharField(required=False)
    view = ViewField(required=False)

    def __init__(self, data: Any, *, variables: list[Variable]) -> None:
        super().__init__(data)
        self.variables = {row.key: row for row in variables}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        key = data.get("variable", "")
        if key not in self.variables:
            raise forms.ValidationError(f"The codebook has no question “{key}” for documents.")
        code = data.get("code")
        if code and code not in {row.key for row in self.variables[key].codes.all()}:
            raise forms.ValidationError(f"“{key}” has no answer “{code}”.")
        return data


class PairForm(ClaimedForm):
    """What changed between two passages of two documents; the first is the earlier one."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    codes = forms.MultipleChoiceField(
        label="What changed?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one code."},
    )
    note = forms.CharField(
        required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )

    def __init__(
        self,
        data: Any = None,
        *,
        collection: Collection,
        variable: Variable,
        claims: list[Claim],
        before: AnnotationState | None = None,
        **options: Any,
    ) -> None:
        """`before` is the stored pair; with `partial`, what is not sent stays as it is there."""
        super().__init__(data, **options)
        self.collection = collection
        self.variable = variable
        self.before = before
        self.offer_claims(claims)
        coded = before.codes(variable.key) if before else ()
        self.fields["codes"].choices = choices_of(variable, coded)  # type: ignore[attr-defined]
        self.fields["codes"].help_text = variable.question
        if before:
            stored = {"codes": list(coded), "note": before.note, "claim": self.stored_claim}
            self.initial = {**self.initial, **stored}
            if data is not None:
                kept = stored if "partial" in data else {"claim": stored["claim"]}
                self.data = filled_in(data, kept)

    def clean(self) -> dict[str, Any]:
        if any(name == "button" or "code_" in name for name in self.data):
            raise forms.ValidationError(
                "This is a pair of passages. It takes no codes but those that say what changed."
            )
        return super().clean() or {}

    def state(self, sides: tuple[TargetState, ...], *, claim: int | None) -> AnnotationState:
        """What the form says; what it does not ask stays as it was."""
        data = self.cleaned_data
        given = [(self.variable.key, code) for code in data["codes"]]
        return replace(
            self.before or AnnotationState("linking", sides),
            targets=sides,
            codings=coded_anew(self.before, [self.variable.key], given),
            claim=claim,
            note=data["note"],
            deleted=False,
        )
