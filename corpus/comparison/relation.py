"""How two texts are related, and which of them came first."""

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import NamedTuple

from .language import load
from .quotations.marks import quoted
from .results import Change, Comparison, Direction, Pair, Relation, Span
from .side import Side
from .tokens import tokenize

# Shares of a text's letters (notices such as "Share this page" left out).
SHARED = 0.5  # to be linked with the other text for a version of it
COPIED = 0.45  # of one of the texts to be word for word in the other for a version of it, or else
RETOLD = 0.65  # of what both say outside quotation marks to be linked
KEPT = 0.35  # of the shorter text to be word for word in the longer for an abridgement
CONDENSED = 0.62  # size of the shorter text beside the longer for an abridgement
VERBATIM = 0.9  # of linked sentences to be equal for a mere revision
TOPIC = 0.2  # weight of the names in common for the same event
NAMES = 3  # names in common for the same event

TELLING = 0.2  # worth from which a cue is told as a reason
MOST_REASONS = 3
DECIDED = 0.5  # score from which a direction is told


def relation(source: Side, derived: Side, pairs: Sequence[Pair]) -> Relation:
    """The relation of two texts, from what is linked, how much of it is equal, and shared names."""
    told = _without_notices(source, derived, pairs) or list(pairs)
    if all(pair.kind == "same" for pair in told):
        return "same"
    linked = [pair for pair in told if pair.source and pair.derived]
    sizes = [(sum(map(_size, pair.source)), sum(map(_size, pair.derived))) for pair in told]
    whole_s, whole_d = (max(1, sum(column)) for column in zip((1, 1), *sizes, strict=True))
    linked_s = sum(_size(span) for pair in linked for span in pair.source)
    linked_d = sum(_size(span) for pair in linked for span in pair.derived)
    share_s, share_d = linked_s / whole_s, linked_d / whole_d
    if not linked:
        return "same_event" if _same_event(source, derived) else "unrelated"
    equal = sum(
        _size(edit.source) + _size(edit.derived)
        for pair in linked
        for edit in pair.edits
        if edit.op == "equal"
    )
    condensed = min(whole_s, whole_d) < CONDENSED * max(whole_s, whole_d)
    copied = equal / 2 >= COPIED * min(whole_s, whole_d)
    if not copied and _retold(source, derived, told) < RETOLD:
        return "quotes"
    if min(share_s, share_d) >= SHARED and not condensed:
        return "revision" if equal >= VERBATIM * (linked_s + linked_d) else "rewrite"
    _, shorter = min((whole_s, -share_s), (whole_d, -share_d))
    if -shorter >= SHARED and equal / 2 >= KEPT * min(whole_s, whole_d):
        return "abridgement"
    return "quotes"


def _size(span: Span) -> int:
    return span.end - span.start


def _retold(source: Side, derived: Side, pairs: Sequence[Pair]) -> float:
    """The share of both texts that is linked, without what stands inside quotation marks.

    A speech that both texts print makes neither a version of the other.
    """
    shares = []
    for side, column in ((source, 0), (derived, 1)):
        own = _own_sizes(side)
        linked = whole = 1
        for pair in pairs:
            size = sum(own[span] for span in (pair.source, pair.derived)[column])
            whole += size
            linked += size if pair.source and pair.derived else 0
        shares.append(linked / whole)
    return min(shares)


def _own_sizes(side: Side) -> dict[Span, int]:
    """How many letters of each sentence stand outside quotation marks."""
    own = {span: _size(span) for span in side.spans}
    starts = [span.start for span in side.spans]
    for found in quoted(side.text):
        if found.depth:
            continue
        at = max(0, bisect_right(starts, found.outer.start) - 1)
        while at < len(starts) and starts[at] < found.outer.end:
            span = side.spans[at]
            inside = min(span.end, found.outer.end) - max(span.start, found.outer.start)
            own[span] = max(0, own[span] - max(0, inside))
            at += 1
    return own


def _without_notices(source: Side, derived: Side, pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs less the unlinked sentences that are notices or furniture of the page."""
    notices = frozenset[str]().union(
        *(
            _phrases(source.language, name)
            for name in ("rights", "notices", "republished", "credits")
        )
    )

    def counts(side: Side, span: Span) -> bool:
        inside = side.story.start <= span.start and span.end <= side.story.end
        return inside and not _has(side.lines[side.index[span]], notices)

    return [
        pair
        for pair in pairs
        if (pair.source and pair.derived)
        or any(counts(source, span) for span in pair.source)
        or any(counts(derived, span) for span in pair.derived)
    ]


def _same_event(source: Side, derived: Side) -> bool:
    """Whether the texts name enough of the same people, places and organisations."""
    left, right = _names(source), _names(derived)
    common = left.keys() & right.keys()
    weight = sum(math.sqrt(left[name] * right[name]) for name in common)
    whole = math.sqrt(sum(left.values()) * sum(right.values()))
    return len(common) >= NAMES and weight >= TOPIC * whole


def _names(side: Side) -> Counter[str]:
    """How often each word with a capital occurs inside a sentence (not as its first word)."""
    return Counter(
        token.key.removesuffix("'s")
        for sentence in side.tokens
        for token in sentence[1:]
        if token.text[0].isupper() and len(token.key) > 2
    )


class About(NamedTuple):
    """What is known of a text beside its words."""

    published_on: date | None = None
    publisher: str = ""


NOTHING = About()


class Cue(NamedTuple):
    """A reason to think that one text came first: worth > 0 speaks for the source."""

    name: str
    worth: float


class Origin(NamedTuple):
    """Which text derives from which, how sure that is (0 to 1), what speaks for it, and the sum.

    The reasons are keys of `wording.REASONS`, the weightiest first; the sum is of log-odds, > 0 for
    the source as the first.
    """

    direction: Direction
    score: float
    reasons: tuple[str, ...]
    weight: float


def direction(
    source: Side, derived: Side, pairs: Sequence[Pair], changes: Sequence[Change]
) -> Origin:
    """Which text derives from which, from the texts alone; below `DECIDED` nothing is said."""
    if not any(pair.source and pair.derived for pair in pairs):
        return Origin("undecided", 0.0, (), 0.0)
    return _origin(cues(source, derived, pairs, changes))


def informed(
    comparison: Comparison, texts: tuple[str, str], about: tuple[About, About]
) -> Comparison:
    """The comparison with a direction that heeds what is known of both texts beside their words."""
    found = _known(texts, about)
    if not found or not any(pair.source and pair.derived for pair in comparison.pairs):
        return comparison
    before = Cue("", comparison.direction_weight)
    origin = _origin([*found, before])
    agrees = origin.weight * comparison.direction_weight > 0
    reasons = [name for name in origin.reasons if name]
    reasons += comparison.direction_reasons if agrees else ()
    return replace(
        comparison,
        direction=origin.direction,
        direction_score=origin.score,
        direction_reasons=tuple(reasons[:MOST_REASONS]) if origin.direction != "undecided" else (),
    )


def _origin(found: Sequence[Cue]) -> Origin:
    total = math.fsum(cue.worth for cue in found)
    score = abs(math.tanh(total / 2))
    if score < DECIDED:
        return Origin("undecided", score, (), total)
    telling = [cue for cue in found if cue.worth * total > 0 and abs(cue.worth) >= TELLING]
    telling.sort(key=lambda cue: (-abs(cue.worth), cue.name))
    reasons = tuple(cue.name for cue in telling[:MOST_REASONS])
    return Origin("source_to_derived" if total > 0 else "derived_to_source", score, reasons, total)


def _known(texts: tuple[str, str], about: tuple[About, About]) -> list[Cue]:
    """What days and publishers say: the later text derives, and whom the other names was first."""
    first, second = about
    found = []
    if first.published_on and second.published_on and first.published_on != second.published_on:
        found.append(Cue("published", 1.2 if first.published_on < second.published_on else -1.2))
    named = _is_named(texts[1], first, second) - _is_named(texts[0], second, first)
    if named:
        found.append(Cue("publisher", 1.6 * named))
    return found


def _is_named(text: str, other: About, own: About) -> int:
    """Whether a text names who published the other one, and was not published there itself."""
    name = other.publisher.strip()
    if len(name) < 3 or name.casefold() == own.publisher.strip().casefold():
        return 0
    return int(re.search(rf"(?<!\\w){re.escape(name)}(?!\\w)", text) is not None)


def cues(
    source: Side, derived: Side, pairs: Sequence[Pair], changes: Sequence[Change]
) -> list[Cue]:
    """What speaks for the one or the other text as the first; swapping them turns every sign."""
    found = [
        Cue(name, there - back)
        for name, there, back in (
            (name, cue(source, derived), cue(derived, source)) for name, cue in _MARKS.items()
        )
    ]
    found.append(Cue("dateline", _later(source, derived)))
    found += _losses(source, derived, pairs, changes)
    return [cue for cue in found if cue.worth]


# Marks of the text itself -----------------------------------------------------------------------

_DATELINE = re.compile(r"(?:^|\n)[^\n(]{0,60}\(([A-Z][\w&. -]{1,30})\)\s*[-–—]")
_RIGHTS = re.compile(r"(?:©|\(c\)|Copyright)\s*(?:\d{4})?\s*([A-Z][\w&-]+)")
_STRAY = re.compile(r"\w (?:[,;]|\.(?!\w|\.))|[.,] ?\. (?!\.)|[,;]{2}")


def _credited(side: Side, other: Side) -> float:
    """Wire copy closes with its makers and its rights; who rewrites it leaves them out."""
    makers = _any(side, "credits") and not _any(other, "credits")
    agencies = set(_RIGHTS.findall(side.text)) & set(_DATELINE.findall(other.text))
    rights = agencies - set(_RIGHTS.findall(other.text))
    return 1.5 * makers + 1.0 * bool(rights)


def _first_printed(side: Side, other: Side) -> float:
    """The other text says that it was published before."""
    return 3.0 * (_any(other, "republished") and not _any(side, "republished"))


def _before_update(side: Side, other: Side) -> float:
    """The other text says that it is an updated or corrected version."""
    return 2.5 * (_any(other, "updated") and not _any(side, "updated"))


def _named_as_source(side: Side, other: Side) -> float:
    """The other text names the agency that this one comes from, and is not of that agency."""
    agencies = set(_DATELINE.findall(side.text)) | set(_RIGHTS.findall(side.text))
    others = set(_DATELINE.findall(other.text)) | set(_RIGHTS.findall(other.text))
    return 2.0 * any(re.search(rf"\b{re.escape(name)}\b", other.text) for name in agencies - others)


def _undamaged(side: Side, other: Side) -> float:
    """Stray marks (" ,", ". .") are left where a text was cut up or spun."""
    return 0.8 * bool(_STRAY.search(other.text) and not _STRAY.search(side.text))


def _without_notices_of_sites(side: Side, other: Side) -> float:
    """Notices (share, subscribe, disclaimer) and captions gather on copies."""
    return 0.8 * (_has_notices(other) and not _has_notices(side))


def _has_notices(side: Side) -> bool:
    closes = bool(side.spans) and side.story.end < side.spans[-1].start
    return closes or _any(side, "notices")


_MARKS = {
    "credits": _credited,
    "republished": _first_printed,
    "updated": _before_update,
    "agency": _named_as_source,
    "damage": _undamaged,
    "notices": _without_notices_of_sites,
}

_DAY = re.compile(
    r"\b(?:(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>\d{1,2})|(?P<day2>\d{1,2}) (?P<month2>[A-Z][a-z]{2,8})"
    r"\.?)(?:,? (?P<year>\d{4}))?\b"
)
_HEAD = 500  # characters in which a text says of what day it is


def _later(source: Side, derived: Side) -> float:
    """The text of the later day derives from the other, where both say of what day they are."""
    left, right = _day(source.text, source.language), _day(derived.text, derived.language)
    if left is None or right is None:
        return 0.0
    if left[0] is None or right[0] is None:
        # Without the year, the shorter way round the calendar.
        days = (right[1] - left[1] + 186) % 372 - 186
    else:
        days = (right[0] - left[0]) * 372 + right[1] - left[1]
    return 1.2 * ((days > 0) - (days < 0))


def _day(text: str, language: str) -> tuple[int | None, int] | None:
    """The year, if given, and the day in it, by the dateline or the head of a text."""
    dateline = _DATELINE.search(text[: 2 * _HEAD])
    head = dateline[0] if dateline else text[:_HEAD]
    months = load(language).data["months"]
    for found in _DAY.finditer(head):
        month = months.get((found["month"] or found["month2"]).lower())
        if month and (dateline or found["year"]):
            year = int(found["year"]) if found["year"] else None
            return year, month * 31 + int(found["day"] or found["day2"])
    return None


# What was lost on the way -----------------------------------------------------------------------


def _losses(
    source: Side, derived: Side, pairs: Sequence[Pair], changes: Sequence[Change]
) -> list[Cue]:
    """Rewriting loses more than it adds: details, attributions, ends of quotations, long words.

    That holds for texts in other words; versions of one text in the same words may as well have
    grown, so there these cues count for less.
    """
    linked = [pair for pair in pairs if pair.source and pair.derived and pair.kind != "same"]
    if not linked:
        return []
    edits = [edit for pair in linked for edit in pair.edits]
    size = sum(_size(edit.source) + _size(edit.derived) for edit in edits)
    equal = sum(_size(edit.source) + _size(edit.derived) for edit in edits if edit.op == "equal")
    trust = min(1.0, 3 * (1 - equal / size))
    details = _balance(_details(source, derived, linked), _details(derived, source, linked), 3)
    dropped = Counter(
        bool(change.derived) - bool(change.source)
        for change in changes
        if change.kind == "attribution"
    )
    sentences = Counter(bool(pair.derived) - bool(pair.source) for pair in pairs)
    parts = _balance(
        sum(max(0, len(pair.derived) - len(pair.source)) for pair in linked),
        sum(max(0, len(pair.source) - len(pair.derived)) for pair in linked),
        3,
    )
    left_out = Counter(edit.op for edit in edits)
    omissions = _balance(left_out["delete"], left_out["insert"], 5)
    return [
        Cue("omissions", trust * 2.8 * omissions),
        Cue("details", trust * 2.8 * details),
        Cue("attributions", _balance(dropped[-1], dropped[1], 2)),
        Cue("sentences", trust * 1.5 * _balance(sentences[-1], sentences[1], 3)),
        Cue("quotations", 1.5 * _balance(*_cut_quotations(source, derived, linked), 1)),
        Cue("splits", trust * 1.5 * parts),
        Cue("words", trust * 2.0 * _word_lengths(source, derived, linked)),
    ]


def _balance(there: int, back: int, doubt: int) -> float:
    """From -1 to 1, nearer to 0 the less there is of both."""
    return (there - back) / (there + back + doubt)


def _details(side: Side, other: Side, linked: Sequence[Pair]) -> int:
    """The names and figures of linked sentences that are nowhere in the other text."""
    spans = {span for pair in linked for span in (*pair.source, *pair.derived)}
    own = {key for keys in side.keys for key in keys} - other.vocabulary
    return len(
        {
            token.key
            for span, tokens in zip(side.spans, side.tokens, strict=True)
            if span in spans
            for token in tokens[1:]
            if token.key in own and (token.text[0].isupper() or token.text[0].isdigit())
        }
    )


_QUOTED = re.compile(r"[“\"]([^“”\"\n]{8,600})[”\"]")


def _cut_quotations(source: Side, derived: Side, linked: Sequence[Pair]) -> tuple[int, int]:
    """How many quotations are longer in the source, and how many in the derived text."""
    counts = [0, 0]
    for pair in linked:
        left = _quoted(source.text[pair.source[0].start : pair.source[-1].end])
        right = _quoted(derived.text[pair.derived[0].start : pair.derived[-1].end])
        for longer, shorter, side in ((left, right, 0), (right, left, 1)):
            counts[side] += sum(
                any(part != whole and part in whole for whole in longer) for part in shorter
            )
    return counts[0], counts[1]


def _quoted(text: str) -> list[str]:
    return [
        " ".join(token.key for token in tokenize(found[1]) if token.key[0].isalnum())
        for found in _QUOTED.finditer(text)
    ]


_LETTERS = re.compile(r"[^\W\d_]+")


def _word_lengths(source: Side, derived: Side, linked: Sequence[Pair]) -> float:
    """By how much words are longer in the source where words were replaced, -1 to 1."""
    replaced = [edit for pair in linked for edit in pair.edits if edit.op == "replace"]
    left = _LETTERS.findall(" ".join(source.text[slice(*edit.source)] for edit in replaced))
    right = _LETTERS.findall(" ".join(derived.text[slice(*edit.derived)] for edit in replaced))
    if not left or not right:
        return 0.0
    difference = sum(map(len, left)) / len(left) - sum(map(len, right)) / len(right)
    # A few words say little.
    return max(-1.0, min(1.0, difference)) * (1 - math.exp(-min(len(left), len(right)) / 20))


# Phrases ----------------------------------------------------------------------------------------


def _any(side: Side, name: str) -> bool:
    if name not in side.marked:
        side.marked[name] = _has(side.joined, _phrases(side.language, name))
    return side.marked[name]


def _has(line: str, phrases: frozenset[str]) -> bool:
    return any(phrase in line for phrase in phrases)


@cache
def _phrases(language: str, name: str) -> frozenset[str]:
    """A list of phrases of the language, as they stand in `Side.lines`."""
    return frozenset(
        f" {' '.join(token.key for token in tokenize(phrase))} "
        for phrase in load(language).data[name]
    )
