"""What a reader sends: a marked passage, a code for a document, a claim."""

import re
from bisect import bisect_right
from collections.abc import Collection as Collect
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.core.validators import MaxLengthValidator
from django.db.models import Prefetch, prefetch_related_objects
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst

from annotations.access import sees_all
from annotations.codebooks import (
    LARGEST,
    LEVELS,
    LONGEST_TEXT,
    MOST_CODES,
    MOST_SENTENCES,
    MOST_VARIABLES,
    NOT_ON_PASSAGES,
    SHORTCUTS,
    TAKEN_KEYS,
    CodebookError,
    shortcut_fault,
)
from annotations.codebooks import read as read_codebook
from annotations.models import Annotation, Claim, Code, Variable
from annotations.sources import attribution
from annotations.states import AnnotationState, ClaimState, Codings, TargetRole, TargetState
from corpus.http import as_number
from corpus.models import Collection, Document
from corpus.quoting import quotations_near

# A mark's own variables: the buttons set these two, the other variables have fields of their own.
VOICE, POSITION = "voice", "position"
SPANS: tuple[TargetRole, ...] = ("source", "cue")
_NO_SPACE = re.compile(r"\S+")


def passage_variables(collection: Collection) -> list[Variable]:
    """The questions that are asked of a passage, with their codes, in two queries."""
    variables = Variable.objects.filter(codebook__collection=collection).order_by("order", "pk")
    asked = [row for row in variables if "passage" in row.level]
    codes = Code.objects.only("variable", "key", "label", "order", "retired")
    prefetch_related_objects(asked, Prefetch("codes", codes))
    return [row for row in asked if row.codes.all()]


def choices_of(variable: Variable, keep: tuple[str, ...]) -> list[tuple[str, str]]:
    """The variable's codes to choose from; a retired one only where it is already set."""
    codes = sorted(variable.codes.all(), key=lambda code: (code.order, code.pk))
    return [(code.key, code.label) for code in codes if not code.retired or code.key in keep]


def find_words(text: str, words: str, *, start: int, end: int) -> tuple[int, int]:
    """The place of some words in or around the passage [start, end), white space being elastic.

    Raises ValueError, in words for the reader, where there is no such place or more than one.
    """
    wanted = " ".join(words.split())
    if not wanted:
        raise ValueError("Write the words to mark.")
    found = list(_places_of(wanted, text, start=start, end=end))
    inside = [span for span in found if start <= span[0] and span[1] <= end]
    near = inside or [span for span in found if span[0] < end and start < span[1]]
    if not near:
        raise ValueError("These words are not in this passage. Copy them exactly as they stand.")
    if len(near) > 1:
        raise ValueError("These words stand here more than once. Add a word before or after.")
    return near[0]


def _places_of(wanted: str, text: str, *, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where some words stand in and around [start, end), as if all white space were one space.

    A regular expression with elastic spaces would take quadratic time on words that recur.
    """
    reach = 2 * len(wanted) + 1000
    tokens = list(_NO_SPACE.finditer(text, max(0, start - reach), end + reach))
    joined = " ".join(token[0] for token in tokens)
    places = list(accumulate((len(token[0]) + 1 for token in tokens), initial=0))

    def in_text(at: int) -> int:
        number = bisect_right(places, at) - 1
        return tokens[number].start() + at - places[number]

    at = joined.find(wanted)
    while at >= 0:
        yield in_text(at), in_text(at + len(wanted) - 1) + 1
        at = joined.find(wanted, at + len(wanted))


def shorten(words: str, limit: int = 80) -> str:
    return words if len(words) <= limit else f"{words[:limit].rstrip()}…"


def quoted(words: str, limit: int = 60) -> str:
    """The words in quotation marks, cut to a length; those that bring their own keep them."""
    short = shorten(words, limit)
    return short if short[:1] in {"“", "”", "«", "„", '"'} else f"“{short}”"


def reasons_of(form: forms.Form) -> list[str]:
    """All that is wrong with a form, in words; the field is named where the words do not say it."""
    reasons = []
    for name, errors in form.errors.items():
        label = "" if name == "__all__" else f"{form[name].label}: "
        reasons += [f"{label}{error}" for error in errors]
    return reasons


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
            choices.append(
                (self.standing.pk, f"{self.standing} (deleted; comes back with the mark)")
            )
        self.fields["claim"].widget.choices = [("", "No claim yet"), *choices]

    @property
    def stored_claim(self) -> int | str:
        return self.standing.pk if self.standing else ""

    def brings_back(self, claim: int | None) -> bool:
        """Whether that claim was deleted, and comes back with the mark."""
        standing = self.standing
        return standing is not None and standing.pk == claim and not standing.current

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
        return claim.pk

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen, stored = data.get("claim"), self.standing.pk if self.standing else None
        if chosen and chosen != stored and data.get("statement"):
            self.add_error("statement", "Choose a claim of the list, or state a new one: not both.")
        return data

    def settle_claim(self, user: User, *, operation: UUID) -> tuple[int | None, Claim | None]:
        """The claim that the form names or states; the second value is it where it is new."""
        statement = " ".join(self.cleaned_data["statement"].split())
        if not statement:
            return self.cleaned_data["claim"], None
        claim, new = Claim.objects.stating(
            statement, collection=self.collection, user=user, operation=operation
        )
        return claim.pk, claim if new else None


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
            state = state.coded(position=position)
            if voice:
                state = state.coded(voice=voice)
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


class ClaimForm(forms.Form):
    """A claim's statement, trimmed and on one line."""

    statement = forms.CharField(max_length=Claim._meta.get_field("statement").max_length)
    version = forms.IntegerField(required=False, min_value=1)
    view = ViewField(required=False)

    def clean_statement(self) -> str:
        return " ".join(self.cleaned_data["statement"].split())


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


def _bound(form: forms.ModelForm, *names: str) -> None:
    """Give texts of a codebook the length that its JSON may have."""
    for name in names:
        field = cast(forms.CharField, form.fields[name])
        field.max_length = LONGEST_TEXT
        field.validators.append(MaxLengthValidator(LONGEST_TEXT))


class VariableForm(forms.ModelForm):
    """A question of the codebook; the key stays once it has one."""

    level = forms.MultipleChoiceField(
        label="Asked of",
        choices=[(name, name.capitalize()) for name in LEVELS],
        widget=forms.CheckboxSelectMultiple,
    )
    rules = forms.CharField(
        required=False, help_text="One rule a line.", widget=forms.Textarea(attrs={"rows": 5})
    )

    class Meta:
        model = Variable
        fields = ["label", "key", "question", "rules", "level", "choice", "scale"]
        widgets = {"question": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"key": "Stands in exports; it cannot be changed later."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].disabled = bool(self.instance.pk)
        _bound(self, "question")
        if self.instance.core:
            for name in ("level", "choice"):
                self.fields[name].disabled = True
        self.initial["rules"] = "\n".join(self.instance.rules)

    def clean_rules(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["rules"].splitlines()]
        rules = [line for line in lines if line]
        if len(rules) > MOST_SENTENCES:
            raise forms.ValidationError(f"A variable has at most {MOST_SENTENCES} rules.")
        if any(len(rule) > LONGEST_TEXT for rule in rules):
            raise forms.ValidationError(f"A rule has at most {LONGEST_TEXT:,} characters.")
        return rules

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        book = self.instance.codebook
        if self.instance.pk is None and book.variables.count() >= MOST_VARIABLES:
            raise forms.ValidationError(f"A codebook has at most {MOST_VARIABLES} variables.")
        return data

    def clean_level(self) -> list[str]:
        level: list[str] = self.cleaned_data["level"]
        if self.instance.pk and "passage" not in level:
            quick = self.instance.codes.filter(retired=False).exclude(shortcut="")
            if labels := ", ".join(quick.order_by("order", "pk").values_list("label", flat=True)):
                raise forms.ValidationError(
                    f"Only codes of passages can have a shortcut. Take it from these first: {labels}."
                )
        return level

    def clean_choice(self) -> str:
        choice: str = self.cleaned_data["choice"]
        if fault := self.instance.fault_of(choice):
            raise forms.ValidationError(capfirst(fault))
        return choice

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if key in TAKEN_KEYS:
            raise forms.ValidationError("The program needs this word; choose another.")
        others = Variable.objects.filter(codebook=self.instance.codebook, key=key)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("The codebook has a variable with this key.")
        return key


class CodeForm(forms.ModelForm):
    """An answer to choose; the key stays once it has one."""

    class Meta:
        model = Code
        fields = [
            "label",
            "key",
            "definition",
            "include",
            "exclude",
            "example",
            "colour",
            "shortcut",
            "retired",
        ]
        widgets = {
            name: forms.Textarea(attrs={"rows": 2})
            for name in ("definition", "include", "exclude", "example")
        }
        help_texts = {
            "key": "Stands in exports; it cannot be changed later.",
            "retired": "Not offered any more; where it was given it stays.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.instance
        self.fields["key"].disabled = bool(code.pk)
        _bound(self, "definition", "include", "exclude", "example")
        self.taken = code.taken_shortcuts()
        free = ", ".join(key for key in SHORTCUTS if key not in self.taken)
        hint = f"Gives this code to a passage on the reading page. Free: {free or 'none'}."
        self.fields["shortcut"].help_text = hint
        if "passage" not in code.variable.level and not code.shortcut:
            del self.fields["shortcut"]
        if code.merged_into:
            self.fields["retired"].help_text = (
                f"It was merged into “{code.merged_into}”. Without this tick it is offered again, as "
                f"a code of its own; what was moved stays with “{code.merged_into}”."
            )

    def clean_shortcut(self) -> str:
        return str(self.cleaned_data["shortcut"]).lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.instance.pk is None:
            book = self.instance.variable.codebook_id
            if Code.objects.filter(variable__codebook=book).count() >= MOST_CODES:
                self.add_error(
                    None, f"A codebook has at most {MOST_CODES:,} codes, retired ones too."
                )
        shortcut, retired = data.get("shortcut"), data.get("retired", False)
        self.instance.offer(offered=not retired)
        if shortcut and not retired:
            if "passage" not in self.instance.variable.level:
                self.add_error("shortcut", capfirst(f"{NOT_ON_PASSAGES}."))
            elif fault := shortcut_fault(shortcut):
                self.add_error("shortcut", capfirst(f"{fault}."))
            elif shortcut in self.taken:
                self.add_error(
                    "shortcut", f"“{shortcut}” is the shortcut of “{self.taken[shortcut]}” already."
                )
        return data

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        others = Code.objects.filter(variable=self.instance.variable, key=key)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("The variable has a code with this key.")
        return key


class MergeCodeForm(forms.Form):
    into = forms.ModelChoiceField(Code.objects.none(), label="Into", empty_label=None)

    def __init__(self, *args: Any, code: Code, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Code.objects.filter(variable=code.variable_id, retired=False).exclude(pk=code.pk)
        cast(forms.ModelChoiceField, self.fields["into"]).queryset = others.order_by("order", "pk")


class CodebookFileForm(forms.Form):
    """A codebook as JSON; `file` cleans to the checked data."""

    file = forms.FileField(label="Codebook (JSON)")

    def clean_file(self) -> dict[str, Any]:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(f"{file.name}: is larger than {LARGEST // 1_000_000} MB.")
        try:
            return read_codebook(file.read(), file.name)
        except CodebookError as error:
            raise forms.ValidationError(str(error)) from error


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
