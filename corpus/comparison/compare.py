"""Two texts compared: their sentences paired, each pair's words edited, the changes named."""

import hashlib
from collections.abc import Sequence
from typing import Any

from . import words
from .changes import Reading, changes_between
from .language.guessing import lists_for
from .relation import NOTHING, About, direction, informed, relation
from .results import Comparison, Edit, EditOp, Pair, PairKind, Span
from .sentences import Link, link
from .side import Side
from .windows import heaviest_increasing, is_coarse
from .words import edits

VERSION = "4"


def compare(
    source: str,
    derived: str,
    *,
    source_title: str = "",
    derived_title: str = "",
    source_sentences: Sequence[tuple[int, int]] | None = None,
    derived_sentences: Sequence[tuple[int, int]] | None = None,
    language: str | None = None,
    source_about: About = NOTHING,
    derived_about: About = NOTHING,
) -> Comparison:
    """Compare two texts; every sentence of both is in exactly one pair.

    The spans of the sentences (in order, not overlapping) are computed unless given. `language` is
    a language tag, guessed if it is not given; where there are no word lists for it, only what
    needs none is named, and the comparison's `language` says so. What is known of the days and the
    publishers of both texts (`About`) helps to tell which came first.
    Swapping the two texts mirrors the result, which is why the shorter text, or the one that sorts
    first, is always the first to be aligned.
    """
    code = lists_for(source, derived, language=language)
    left = Side(source, source_sentences, language=code)
    right = Side(derived, derived_sentences, language=code)
    if len(source) < len(derived) or (len(source) == len(derived) and source <= derived):
        pairs = _pairs(left, right)
    else:
        pairs = [_mirrored(pair) for pair in _pairs(right, left)]
    pairs = _in_reading_order(pairs)
    found = _assembled(left, right, pairs, (source_title, derived_title))
    return informed(found, (source, derived), (source_about, derived_about))


def _pairs(source: Side, derived: Side) -> list[Pair]:
    links = link(source.keys, derived.keys, language=source.language)
    in_order = _in_order(links, source)
    pairs = [_pair(source, derived, found, moved=found not in in_order) for found in links]
    linked = {i for found in links for i in found.source}
    pairs += [
        Pair((span,), (), "dropped", 0.0, (Edit("delete", span, Span(0, 0)),))
        for i, span in enumerate(source.spans)
        if i not in linked
    ]
    linked = {j for found in links for j in found.derived}
    pairs += [
        Pair((), (span,), "added", 0.0, (Edit("insert", Span(0, 0), span),))
        for j, span in enumerate(derived.spans)
        if j not in linked
    ]
    return pairs


def _in_order(links: list[Link], source: Side) -> set[Link]:
    """The links that keep their order, chosen so that as few words as possible moved."""
    links = sorted(links)
    weights = [sum(len(source.keys[i]) for i in found.source) for found in links]
    kept = heaviest_increasing([found.derived[0] for found in links], weights)
    return {links[n] for n in kept}


def _pair(source: Side, derived: Side, found: Link, *, moved: bool) -> Pair:
    """The pair of a link, with the edits between its words."""
    s_tokens = [token for i in found.source for token in source.tokens[i]]
    d_tokens = [token for j in found.derived for token in derived.tokens[j]]
    s_runs = _runs(source.spans, found.source)
    d_runs = _runs(derived.spans, found.derived)
    found_edits = edits(s_tokens, d_tokens, source_runs=s_runs, derived_runs=d_runs)
    same = [token.key for token in s_tokens] == [token.key for token in d_tokens]
    kind: PairKind
    if moved:
        kind = "moved"
    elif len(found.source) > len(found.derived):
        kind = "merged"
    elif len(found.source) < len(found.derived):
        kind = "split"
    else:
        kind = "same" if same else "reworded"
    return Pair(
        tuple(source.spans[i] for i in found.source),
        tuple(derived.spans[j] for j in found.derived),
        kind,
        1.0 if same else found.score,
        found_edits,
        found.sure,
    )


def _runs(spans: list[Span], indices: tuple[int, ...]) -> list[Span]:
    """The sentences of one side of a pair, neighbours joined with the white space between them."""
    runs: list[Span] = []
    previous = None
    for i in indices:
        if previous is not None and i == previous + 1:
            runs[-1] = Span(runs[-1].start, spans[i].end)
        else:
            runs.append(spans[i])
        previous = i
    return runs


def _mirrored(pair: Pair) -> Pair:
    kinds: dict[PairKind, PairKind] = {
        "added": "dropped",
        "dropped": "added",
        "merged": "split",
        "split": "merged",
    }
    ops: dict[EditOp, EditOp] = {"insert": "delete", "delete": "insert"}
    return Pair(
        pair.derived,
        pair.source,
        kinds.get(pair.kind, pair.kind),
        pair.score,
        tuple(Edit(ops.get(edit.op, edit.op), edit.derived, edit.source) for edit in pair.edits),
        pair.sure,
    )


def _in_reading_order(pairs: list[Pair]) -> list[Pair]:
    """The pairs in the order of the source, added sentences after what precedes them."""
    following: dict[Span | None, list[Pair]] = {}
    before: Span | None = None
    for pair in sorted((pair for pair in pairs if pair.derived), key=lambda pair: pair.derived[0]):
        if pair.source:
            before = pair.source[0]
        else:
            following.setdefault(before, []).append(pair)
    ordered = following.get(None, [])
    for pair in sorted((pair for pair in pairs if pair.source), key=lambda pair: pair.source[0]):
        ordered.append(pair)
        ordered += following.get(pair.source[0], [])
    return ordered


def _assembled(
    source: Side, derived: Side, pairs: list[Pair], titles: tuple[str, str]
) -> Comparison:
    edits = [edit for pair in pairs for edit in pair.edits]
    equal = [edit for edit in edits if edit.op == "equal"]
    shared_source = sum(edit.source.end - edit.source.start for edit in equal)
    shared_derived = sum(edit.derived.end - edit.derived.start for edit in equal)
    s_total = sum(edit.source.end - edit.source.start for edit in edits)
    d_total = sum(edit.derived.end - edit.derived.start for edit in edits)
    total = s_total + d_total
    related = relation(source, derived, pairs)
    changes = changes_between(
        Reading(source.text, source.words, language=source.language),
        Reading(derived.text, derived.words, language=derived.language),
        pairs,
        copied=related not in ("same_event", "unrelated"),
    )
    origin = direction(source, derived, pairs, changes)
    return Comparison(
        language=source.language,
        source=_about(source.text, titles[0]),
        derived=_about(derived.text, titles[1]),
        similarity=(shared_source + shared_derived) / total if total else 1.0,
        source_in_derived=shared_source / s_total if s_total else float(not d_total),
        derived_in_source=shared_derived / d_total if d_total else float(not s_total),
        relation=related,
        direction=origin.direction,
        direction_score=origin.score,
        direction_reasons=origin.reasons,
        direction_weight=origin.weight,
        pairs=tuple(pairs),
        changes=tuple(changes),
        coarse=is_coarse(source.keys, derived.keys) or _has_coarse_pair(source, derived, pairs),
    )


def _has_coarse_pair(source: Side, derived: Side, pairs: list[Pair]) -> bool:
    return any(
        words.is_coarse(
            [key for span in pair.source for key in source.keys[source.index[span]]],
            [key for span in pair.derived for key in derived.keys[derived.index[span]]],
        )
        for pair in pairs
        if sum(map(_length, pair.source)) * sum(map(_length, pair.derived)) > words.DIFFED
    )


def _length(span: Span) -> int:
    return span.end - span.start


def _about(text: str, title: str) -> dict[str, Any]:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return {"title": title, "sha256": digest, "length": len(text)}
