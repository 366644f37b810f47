"""The evidence sheet: a comparison of two texts as one file to send, print and keep."""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from corpus.comparison import VERSION, Comparison
from corpus.comparison.wording import SEVERITIES, gaps, label_of, verdict
from corpus.models import Document

from .report import Row, in_context, rows

# A sheet beyond so many rows or characters leaves out what is the same in both texts, then the end.
MOST_ROWS = 2_000
MOST_CHARACTERS = 600_000
MOST_NAMED = 1_000  # of the changes in the table at its head, of each severity


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


def evidence_sheet(
    comparison: Comparison, source: Side, derived: Side, *, whole: bool = True
) -> str:
    """The comparison as one self-contained page: no script, no other file, fit to send and print.

    Where it need not be whole, one of very long texts is cut, and says so.
    """
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
            groups.append((severity, words, len(found), found if whole else found[:MOST_NAMED]))
    every = rows(comparison, source.text, derived.text)
    shown = every if whole else _cut(every)
    context = {
        "comparison": comparison,
        "verdict": verdict(comparison),
        "source": source,
        "derived": derived,
        "kept": round(100 * comparison.source_in_derived),
        "owed": round(100 * comparison.derived_in_source),
        "groups": groups,
        "rows": shown,
        "left_out": len(every) - len(shown),
        "gaps": gaps(comparison),
        "version": VERSION,
        "css": mark_safe(css),  # noqa: S308 - our own file
    }
    return render_to_string("corpus/evidence.html", context)


def _cut(every: list[Row]) -> list[Row]:
    """The rows of a sheet that is no longer than can be read and sent."""
    shown = every
    if _held(shown) < len(shown):
        shown = [row for row in every if row.kind != "same"]
    return shown[: _held(shown)]


def _held(found: list[Row]) -> int:
    """How many of the rows a sheet holds."""
    size = 0
    for number, row in enumerate(found):
        size += sum(len(piece.text) for piece in (*row.source, *row.derived))
        if number == MOST_ROWS or size > MOST_CHARACTERS:
            return number
    return len(found)
