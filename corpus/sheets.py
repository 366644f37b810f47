"""The evidence sheet: a comparison of two texts as one file to send, print and keep."""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from .comparison import VERSION, Comparison
from .comparison.wording import SEVERITIES, label_of, verdict
from .evidence import in_context, rows
from .models import Document


@dataclass(frozen=True, slots=True)
class Side:
    """One text of the sheet: its words, and the facts that stand under its title."""

    title: str
    text: str
    facts: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: Document) -> "Side":
        day = document.published_on
        facts = (document.publisher, f"{day:%d %B %Y}".lstrip("0") if day else "", document.url)
        return cls(document.title, document.text, tuple(fact for fact in facts if fact))


def evidence_sheet(comparison: Comparison, source: Side, derived: Side) -> str:
    """The comparison as one self-contained page: no script, no other file, fit to send and print."""
    css = (settings.BASE_DIR / "static" / "css" / "evidence.css").read_text(encoding="utf-8")
    groups = []
    for severity, words in SEVERITIES.items():
        found = [
            (
                label_of(change),
                change,
                in_context(source.text, change.source),
                in_context(derived.text, change.derived),
            )
            for change in comparison.changes
            if change.severity == severity
        ]
        if found:
            groups.append((severity, words, found))
    context = {
        "comparison": comparison,
        "verdict": verdict(comparison),
        "source": source,
        "derived": derived,
        "kept": round(100 * comparison.source_in_derived),
        "owed": round(100 * comparison.derived_in_source),
        "groups": groups,
        "rows": rows(comparison, source.text, derived.text),
        "version": VERSION,
        "css": mark_safe(css),  # noqa: S308 - our own file
    }
    return render_to_string("corpus/evidence.html", context)
