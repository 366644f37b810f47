"""The changes of substance between two passages, named.

A text is read once (`Reading`), then each pair of passages is compared: `changes_in_pair` for a
pair of whole documents, `name_changes` for two sentences or short texts.
"""

from collections.abc import Callable, Iterator, Sequence

from ..language import UNDETERMINED
from ..language.guessing import lists_for
from ..results import Change, Pair, Passage, Span
from . import statements
from .denials import negation
from .exchanged import exchanged
from .facts import Reading
from .figures import figures
from .names import names, ranks
from .notes import note
from .pair import Finding, Match, Side
from .quantities import quantities
from .speech import attributions, quotations
from .substance import substance
from .tentative import done
from .wording import certainty, strength

__all__ = ["Reading", "changes_between", "changes_in_pair", "name_changes"]

_DETECTORS: tuple[Callable[[Match], Iterator[Finding]], ...] = (
    quotations,
    exchanged,
    figures,
    names,
    ranks,
    quantities,
    negation,
    certainty,
    done,
    strength,
    attributions,
    substance,
)

_WITHOUT_LISTS = (quotations, exchanged, figures)
"""What can be named in a language of which nothing is known."""

_DETAILS = ("number", "date", "name", "certainty", "statement")
"""Kinds of changes that go without saying where the whole clause came or went."""

_FEW = 4
_SHARE = 0.2
"""Reworded sentences, and their share, up to which a guess is worth a reader's time."""

_MOST = 200
"""Findings of one pair that are compared with one another."""


def name_changes(source: str, derived: str, *, language: str | None = None) -> list[Change]:
    """The changes of substance between two sentences or short texts, in the order of the source.

    Rewording, another order and another spelling give none. Swapping the texts swaps the sides.
    `language` is a language tag, guessed if it is not given.
    """
    if source == derived:
        return []
    code = lists_for(source, derived, language=language)
    return changes_in_pair(
        Reading(source, language=code),
        Reading(derived, language=code),
        source_spans=[Span(0, len(source))],
        derived_spans=[Span(0, len(derived))],
    )


def changes_between(
    source: Reading, derived: Reading, pairs: Sequence[Pair], *, copied: bool = True
) -> list[Change]:
    """The changes in all pairs of two documents, in the order of the pairs.

    Sentences without a counterpart are changes of the kind `statement`, those that follow one
    another in a paragraph one change together. Where a guess that some words mean something else
    would fall on sentence after sentence, the text was reworded throughout, and guesses say little:
    they are left to the edits of the pairs. Where one text was not `copied` from the other, a
    quotation worded differently throughout is a nuance.
    """
    lost = statements.runs(source.text, pairs, derived=False)
    new = statements.runs(derived.text, pairs, derived=True)
    findings = {
        n: _findings(
            source, derived, source_spans=pair.source, derived_spans=pair.derived, copied=copied
        )
        for n, pair in enumerate(pairs)
        if pair.source and pair.derived and pair.kind != "same"
    }
    reworded = sum(any(map(_is_guess, found)) for found in findings.values())
    guesses = reworded <= max(_FEW, _SHARE * len(findings))
    changes: list[Change] = []
    for n, pair in enumerate(pairs):
        if n in findings:
            told = [f for f in findings[n] if guesses or not _is_guess(f)]
            changes += _changes(told, source.text, derived.text)
        elif pair.source and pair.source[0] in lost:
            changes += _alone(source, lost[pair.source[0]], derived, added=False)
        elif pair.derived and pair.derived[0] in new:
            changes += _alone(derived, new[pair.derived[0]], source, added=True)
    return changes


def _is_guess(finding: Finding) -> bool:
    """Whether all that is known is that some words are not the same."""
    return finding.reason == "words" and finding.severity == 1


def _alone(
    reading: Reading, run: statements.Run, other: Reading, *, added: bool
) -> Iterator[Change]:
    """The change of a stretch that one document has alone, and of the words it quotes."""
    look = statements.looks_like(reading, run.span)
    quotation = None if look else statements.quotation(reading, run.span, other)
    if quotation is None or not statements.is_mostly(quotation, run.span):
        passage = _passage(run.span, reading.text)
        told = statements.note(reading, run, look, added=added)
        severity = statements.severity(reading, run.span, look)
        before, after = (None, passage) if added else (passage, None)
        yield Change("statement", severity, before, after, told)
    if quotation is not None:
        # Words that nobody said are worse than words left out.
        finding = Finding("quotation", 2, quotation.span, None, "quotation")
        if added:
            finding = finding.mirrored()._replace(severity=3)
        texts = (other.text, reading.text) if added else (reading.text, other.text)
        yield _change(finding, *texts)


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
    found = _findings(
        source, derived, source_spans=source_spans, derived_spans=derived_spans, copied=False
    )
    return _changes(found, source.text, derived.text)


def _findings(
    source: Reading,
    derived: Reading,
    *,
    source_spans: Sequence[Span],
    derived_spans: Sequence[Span],
    copied: bool,
) -> list[Finding]:
    left, right = Side(source, source_spans), Side(derived, derived_spans)
    # One order for both directions, so that swapping the documents mirrors the result.
    swapped = (len(left), left.stems, source.text) > (len(right), right.stems, derived.text)
    match = Match(*((right, left) if swapped else (left, right)), copied=copied)
    detectors = _DETECTORS if source.language != UNDETERMINED else _WITHOUT_LISTS
    found = [finding for detector in detectors for finding in detector(match)]
    if match.is_loose:
        found = [_softened(finding) for finding in found]
    if swapped:
        found = [finding.mirrored() for finding in found]
    return list(_outermost(found))


def _softened(finding: Finding) -> Finding:
    """Of passages with little in common, less is certain than that a quotation was altered."""
    if finding.kind == "quotation" or finding.severity < 3:
        return finding
    return finding._replace(severity=2)


def _changes(findings: Sequence[Finding], source: str, derived: str) -> list[Change]:
    return sorted({_change(finding, source, derived) for finding in findings}, key=_place)


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
        elif finding.reason == "speaker":
            covers["statement"].append(finding)
            covers["name"].append(finding)
    altered = [finding for finding in findings if finding.reason == "quotation"]
    clauses = [finding for finding in findings if finding.reason == "clause"]
    for finding in findings:
        if finding in clauses:
            yield finding
            continue
        outer = covers.get(finding.kind, [])
        if finding.kind in _DETAILS and not (finding.source and finding.derived):
            outer = [*outer, *clauses]
        if finding.severity == 1 and finding.kind != "quotation":
            outer = [*outer, *altered]
        if not _covered(finding, outer):
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
    return Change(
        finding.kind,
        finding.severity,
        _passage(finding.source, source),
        _passage(finding.derived, derived),
        note(finding, source, derived),
    )


def _passage(span: Span | None, text: str) -> Passage | None:
    return Passage(span.start, span.end, text[span.start : span.end]) if span else None


def _place(change: Change) -> tuple[int, int, str, int]:
    first = change.source or change.derived or Passage(0, 0, "")
    return first.start, first.end, change.kind, change.derived.start if change.derived else -1
