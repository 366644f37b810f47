"""The changes of substance between two passages, named.

A text is read once (`Reading`), then each pair of passages is compared: `changes_in_pair` for a
pair of whole documents, `name_changes` for two sentences or short texts.
"""

from collections.abc import Callable, Iterator, Sequence

from ..results import Change, Pair, Passage, Span
from .figures import figures
from .names import names
from .pair import Finding, Match, Side
from .reading import Reading
from .speech import attributions, quotations
from .substance import substance
from .wording import certainty, negation, strength

__all__ = ["Reading", "changes_between", "changes_in_pair", "name_changes"]

_DETECTORS: tuple[Callable[[Match], Iterator[Finding]], ...] = (
    quotations,
    figures,
    names,
    negation,
    certainty,
    strength,
    attributions,
    substance,
)

_MOST = 200
"""Findings of one pair that are compared with one another."""

_CREDIT = 6
"""A sentence with no more tokens than this is mostly a credit, a caption or a headline."""

# What is said of a change: both sides there, dropped from the source, added to the derived text.
_NOTES: dict[str, tuple[str, str, str]] = {
    "quotation": ("words inside quotation marks differ", "quotation dropped", "quotation invented"),
    "quotation cut": ("quotation cut short", "quotation dropped", "quotation added"),
    "marks": (
        "quotation marks differ",
        "quotation marks dropped, the words kept",
        "quotation marks put around words that had none",
    ),
    "speaker": ("quotation given to somebody else", "speaker dropped", "speaker added"),
    "number": ("figure changed", "figure dropped", "figure added"),
    "rounding": ("figure rounded differently", "figure dropped", "figure added"),
    "unit": ("unit changed", "unit dropped", "unit added"),
    "bound": ("more than and less than exchanged", "limit dropped", "limit added"),
    "date": ("date or time changed", "date or time dropped", "date or time added"),
    "name": ("name changed", "name dropped", "name added"),
    "title": ("title changed", "title dropped", "title added"),
    "roles": ("names changed places", "name dropped", "name added"),
    "negation": ("negation changed", "negation dropped", "negation added"),
    "opposite": ("word replaced by its opposite", "opposite dropped", "opposite added"),
    "certainty": ("more or less certain than before", "hedge dropped", "hedge added"),
    "strength": ("stronger or weaker word", "strength dropped", "strength added"),
    "source": ("source changed", "source dropped", "source added"),
    "kind": ("word replaced by another of its kind", "word dropped", "word added"),
    "words": ("words of another meaning", "words of substance dropped", "words of substance added"),
    "statement": ("statement changed", "statement dropped", "statement added"),
}


def name_changes(source: str, derived: str) -> list[Change]:
    """The changes of substance between two sentences or short texts, in the order of the source.

    Rewording, another order and another spelling give none. Swapping the texts swaps the sides.
    """
    if source == derived:
        return []
    return changes_in_pair(
        Reading(source),
        Reading(derived),
        source_spans=[Span(0, len(source))],
        derived_spans=[Span(0, len(derived))],
    )


def changes_between(source: Reading, derived: Reading, pairs: Sequence[Pair]) -> list[Change]:
    """The changes in all pairs of two documents, in the order of the pairs.

    A sentence without a counterpart is a change of the kind `statement`.
    """
    changes: list[Change] = []
    for pair in pairs:
        if pair.source and pair.derived:
            if pair.kind != "same":
                changes += changes_in_pair(
                    source, derived, source_spans=pair.source, derived_spans=pair.derived
                )
        else:
            lost = Span(pair.source[0].start, pair.source[-1].end) if pair.source else None
            new = Span(pair.derived[0].start, pair.derived[-1].end) if pair.derived else None
            reading, span = (source, lost) if lost else (derived, new or Span(0, 0))
            words = sum(last - first for first, last in reading.ranges([span]))
            severity = 2 if words > _CREDIT else 1
            finding = Finding("statement", severity, lost, new, "statement")
            changes.append(_change(finding, source.text, derived.text))
    return changes


def changes_in_pair(
    source: Reading,
    derived: Reading,
    *,
    source_spans: Sequence[Span],
    derived_spans: Sequence[Span],
) -> list[Change]:
    """The changes between passages of two documents that answer to each other.

    Make one `Reading` of each document (`Reading(text, tokens)` takes its tokens where they are
    known) and use it for all pairs: its figures, names and quotations are found once. The spans
    are those of the pair's sentences; both sides must have some. Offsets in the result are those
    of the documents. A detail that stands within `reading.NEAR` characters of the passage in the
    other document only moved, and is not dropped.
    """
    left, right = Side(source, source_spans), Side(derived, derived_spans)
    # One order for both directions, so that swapping the documents mirrors the result.
    swapped = (len(left), left.stems, source.text) > (len(right), right.stems, derived.text)
    match = Match(right, left) if swapped else Match(left, right)
    found = [finding for detector in _DETECTORS for finding in detector(match)]
    if swapped:
        found = [finding.mirrored() for finding in found]
    changes = {_change(finding, source.text, derived.text) for finding in _outermost(found)}
    return sorted(changes, key=_place)


def _outermost(findings: list[Finding]) -> Iterator[Finding]:
    """The findings without those whose words a more telling one has already."""
    covers: dict[str, list[Finding]] = {"statement": [], "name": [], "negation": []}
    for finding in findings:
        if finding.kind in ("number", "date", "attribution", "strength", "negation", "certainty"):
            covers["statement"].append(finding)
            covers["name"].append(finding)
            if finding.kind != "negation":
                covers["negation"].append(finding)
        elif finding.kind == "name":
            covers["statement"].append(finding)
    for finding in findings:
        if not _covered(finding, covers.get(finding.kind, [])):
            yield finding


def _covered(finding: Finding, others: list[Finding]) -> bool:
    """Whether the words of a finding lie inside those of another."""
    return any(
        outer and inner and outer.start <= inner.start and inner.end <= outer.end
        for other in others[:_MOST]
        for outer, inner in (
            (other.source, finding.source),
            (other.derived, finding.derived),
        )
    )


def _change(finding: Finding, source: str, derived: str) -> Change:
    changed, dropped, added = _NOTES[finding.reason]
    note = changed if finding.source and finding.derived else dropped if finding.source else added
    return Change(
        finding.kind,
        finding.severity,
        _passage(finding.source, source),
        _passage(finding.derived, derived),
        note,
    )


def _passage(span: Span | None, text: str) -> Passage | None:
    return Passage(span.start, span.end, text[span.start : span.end]) if span else None


def _place(change: Change) -> tuple[int, int, str, int]:
    first = change.source or change.derived or Passage(0, 0, "")
    return first.start, first.end, change.kind, change.derived.start if change.derived else -1
