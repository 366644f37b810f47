"""Words that every form needs: codes to choose from, quotations, reasons."""

from django import forms

from annotations.models import Variable


def choices_of(variable: Variable, keep: tuple[str, ...]) -> list[tuple[str, str]]:
    """The variable's codes to choose from; a retired one only where it is already set."""
    codes = sorted(variable.codes.all(), key=lambda code: (code.order, code.pk))
    return [(code.key, code.label) for code in codes if not code.retired or code.key in keep]


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
