"""What a reader sends of the codebook: a variable, a code, a whole codebook as JSON."""

from typing import Any, cast

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.text import capfirst

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
from annotations.models import Code, Variable


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
