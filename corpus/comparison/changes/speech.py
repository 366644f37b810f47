"""Quotations that were altered, dropped, invented or given to others; sources that changed."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from ..language.lists import Word
from ..results import Quotation, Span
from .facts import Reading
from .pair import Finding, Match, Side, blocks

_ENOUGH = 0.45
"""How alike the words of two quotations must be to be versions of one."""

_VERBATIM = 0.75
"""How alike they must be for their differences to be alterations, not another wording."""

_HABIT = 3
"""More quotations than this in one text and none in the other are a matter of its marks."""

_SAID = 4
"""Words from which on what stands in quotation marks is a statement, not a title or a word."""

_STOPS = frozenset(".!?;…")

_MOST = 40
"""Quotations of one passage that are looked at."""


def quotations(match: Match) -> Iterator[Finding]:
    """Words inside quotation marks that differ, quotations of one side only, other speakers."""
    a, b = match.source, match.derived
    left = [q for q in a.quotations[:_MOST] if q.direct]
    right = [q for q in b.quotations[:_MOST] if q.direct]
    words_a = [_keys(a.reading, found) for found in left]
    words_b = [_keys(b.reading, found) for found in right]
    scores = sorted(
        (
            (LCSseq.normalized_similarity(one, other), -i, -j)
            for i, one in enumerate(words_a)
            for j, other in enumerate(words_b)
            if _share_words(one, other)
        ),
        reverse=True,
    )
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    speakers: list[Finding] = []
    for score, i, j in scores:
        if -i in taken_a or -j in taken_b:
            continue
        one, other = left[-i], right[-j]
        cut = _cut(words_a[-i], words_b[-j])
        if score < _ENOUGH and not cut:
            continue
        taken_a.add(-i)
        taken_b.add(-j)
        if score < 1:
            yield _altered(match, one, other, cut=cut, score=score)
        speakers += _speakers(match, one, other)
    yield from _exchanged(match, speakers) or speakers
    lone_a = [one for i, one in enumerate(left) if i not in taken_a]
    lone_b = [other for j, other in enumerate(right) if j not in taken_b]
    if not match.copied and len(lone_a) == len(lone_b):
        for one, other in zip(lone_a, lone_b, strict=True):
            yield Finding("quotation", 1, one.span, other.span, "quotation reworded")
        return
    lost = [(one, found) for one in lone_a for found in _alone(match, a, one, b, mirrored=False)]
    new = [(one, found) for one in lone_b for found in _alone(match, b, one, a, mirrored=True)]
    yield from _in_other_words(match, lost, new)


def _in_other_words(
    match: Match, lost: list[tuple[Quotation, Finding]], new: list[tuple[Quotation, Finding]]
) -> Iterator[Finding]:
    """What each side quotes alone; two quotations that may be one are one finding."""
    gone = [pair for pair in lost if pair[1].reason == "quotation"]
    come = [pair for pair in new if pair[1].reason == "quotation"]
    merged: list[Finding] = []
    if len(gone) == len(come):
        for (one, left), (other, right) in zip(gone, come, strict=True):
            if _may_be_one(match, one, other):
                merged += (left, right)
                severity = max(left.severity, right.severity)
                yield Finding("quotation", severity, one.span, other.span, "quotation reworded")
    yield from (found for _, found in (*lost, *new) if found not in merged)


def _may_be_one(match: Match, one: Quotation, other: Quotation) -> bool:
    """Whether two quotations of sentences that answer to each other have one speaker."""
    left, right = match.source.reading.speaker_of(one), match.derived.reading.speaker_of(other)
    if left is None or right is None:
        return left is right
    return _same_source(match, left, right)


def _keys(reading: Reading, quotation: Quotation) -> list[str]:
    first = bisect_left(reading.starts, quotation.span.start)
    last = bisect_left(reading.starts, quotation.span.end)
    return [word.key for word in reading.words[first:last] if word.stem]


def _stems(reading: Reading, span: Span) -> list[str]:
    first, last = bisect_left(reading.starts, span.start), bisect_left(reading.starts, span.end)
    return [word.stem for word in reading.words[first:last] if word.stem and not word.function]


def _share_words(one: list[str], other: list[str]) -> bool:
    few, many = sorted((set(one), set(other)), key=len)
    return 3 * len(few & many) >= len(few)


def _cut(one: list[str], other: list[str]) -> bool:
    """Whether one quotation lies inside the other."""
    short, long = sorted((f" {' '.join(words)} " for words in (one, other)), key=len)
    return short != long and short.strip() != "" and short in long


def _altered(match: Match, one: Quotation, other: Quotation, *, cut: bool, score: float) -> Finding:
    a, b = match.source.reading, match.derived.reading
    if cut:
        longer = other.span.end - other.span.start > one.span.end - one.span.start
        shift = 1 if longer else -1
        hinge = _hinge(b, other.span, a, one.span) if longer else _hinge(a, one.span, b, other.span)
        if hinge:
            found = Finding("quotation", 3, one.span, other.span, "quotation hinge", shift=shift)
            return found._replace(about=(None, hinge) if longer else (hinge, None))
        return Finding("quotation", 1, one.span, other.span, "quotation cut", shift=shift)
    if _telling(a, one.span) == _telling(b, other.span):
        return Finding("quotation", 2, one.span, other.span, "quotation words")
    if not match.copied and score < _VERBATIM:
        return Finding("quotation", 1, one.span, other.span, "quotation reworded")
    about = _difference(a, one.span, b, other.span)
    return Finding("quotation", 3, one.span, other.span, "quotation", about)


def _hinge(whole: Reading, span: Span, part: Reading, kept: Span) -> Span | None:
    """The words of a quotation, left out of its part, that deny that or say when it holds."""
    words, lists = whole.words, whole.lists
    ((first, last),), ((s, s_end),) = whole.ranges([span]), part.ranges([kept])
    at = [i for i in range(first, last) if words[i].stem]
    keys = [words[i].key for i in at]
    short = [word.key for word in part.words[s:s_end] if word.stem]
    size = len(short)
    place = next((n for n in range(len(at)) if keys[n : n + size] == short), None)
    if place is None:
        return None
    begin, end = at[place], at[place + size - 1]
    same_clause = True
    for i in range(begin - 1, first - 1, -1):
        if words[i].text in _STOPS:
            break
        same_clause = same_clause and bool(words[i].stem)
        if words[i].key in lists.conditions or (
            same_clause and (words[i].negates or words[i].key in lists.negations)
        ):
            return Span(whole.starts[i], whole.ends[begin - 1])
    for i in range(end + 1, last):
        if words[i].text in _STOPS or words[i].key in lists.coordinators:
            break
        if words[i].key in lists.conditions:
            return Span(whole.starts[i], whole.ends[last - 1])
    return None


def _telling(reading: Reading, span: Span) -> list[str]:
    """The stems of the words that matter, of which "will" and "not" are some."""
    ((first, last),) = reading.ranges([span])
    return [reading.words[i].stem for i in range(first, last) if _weight(reading, i) > 1]


def _difference(
    one: Reading, span: Span, other: Reading, other_span: Span
) -> tuple[Span | None, Span | None]:
    """The weightiest words that differ, with a word beside them where one side has none."""
    ((s, s_end),), ((d, d_end),) = one.ranges([span]), other.ranges([other_span])
    left = [i for i in range(s, s_end) if one.words[i].stem]
    right = [j for j in range(d, d_end) if other.words[j].stem]
    stems = [one.words[i].stem for i in left], [other.words[j].stem for j in right]
    block = max(
        blocks(*stems),
        key=lambda block: max(
            *(_weight(one, left[k]) for k in block.source),
            *(_weight(other, right[k]) for k in block.derived),
            0,
            0,
        ),
    )
    i, i_end, j, j_end = *_ends(block.source), *_ends(block.derived)
    if i == i_end or j == j_end:
        if i_end < len(left) and j_end < len(right):
            i_end, j_end = i_end + 1, j_end + 1
        elif i and j:
            i, j = i - 1, j - 1
        else:
            return None, None
    return (
        Span(one.starts[left[i]], one.ends[left[i_end - 1]]),
        Span(other.starts[right[j]], other.ends[right[j_end - 1]]),
    )


def _ends(positions: range) -> tuple[int, int]:
    return positions.start, positions.stop


def _weight(reading: Reading, i: int) -> int:
    """How much hangs on a word: most on figures, denials, names and modal verbs."""
    word, lists = reading.words[i], reading.lists
    if word.key in lists.negations or word.key in lists.modals or word.key in lists.comparators:
        return 3
    if reading.in_fact[i] or reading.is_name(i):
        return 3
    return 1 if word.function or not word.stem else 2


def _speakers(match: Match, one: Quotation, other: Quotation) -> Iterator[Finding]:
    left, right = match.source.reading.speaker_of(one), match.derived.reading.speaker_of(other)
    if left and right and not _same_source(match, left, right):
        source = left if match.source.has(left) else one.span
        derived = right if match.derived.has(right) else other.span
        yield Finding("quotation", 3, source, derived, "speaker", (left, right))


def _exchanged(match: Match, speakers: list[Finding]) -> list[Finding]:
    """Two kept quotations of which each is given to the speaker of the other are one finding."""
    a, b = match.source.reading, match.derived.reading
    for one, other in pairwise(speakers):
        (left, right), (there, that) = one.about, other.about
        if (left and right and there and that) and (
            _stems(a, left) == _stems(b, that) and _stems(b, right) == _stems(a, there)
        ):
            found = Finding("attribution", 3, one.source, one.derived, "exchanged", one.about)
            return [found, *(f for f in speakers if f not in (one, other))]
    return []


def _same_source(match: Match, one: Span, other: Span) -> bool:
    """Whether two phrases may name one speaker: a shared word, a pronoun, an alias."""
    a, b = match.source.reading, match.derived.reading
    left, right = _stems(a, one), _stems(b, other)
    if not left or not right or set(left) & set(right):
        return True
    # "Ruiz" and "the minister" may be one: only two names that differ are two speakers.
    names = _names(a, one), _names(b, other)
    if not names[0] or not names[1]:
        return True
    return any(match.alike(word, counterpart) for word in names[0] for counterpart in names[1])


def _roles(match: Match, one: Span, other: Span) -> Iterator[Finding]:
    """Sources without a name that are described alike but for what they are."""
    a, b = match.source, match.derived
    if _names(a.reading, one) or _names(b.reading, other):
        return
    left, right = _role(a, one), _role(b, other)
    if left is None or right is None:
        return
    if not match.related(a.words[left], b.words[right]):
        match.source_left.discard(left)
        match.derived_left.discard(right)
        yield Finding("attribution", 2, one, other, "source")


def _role(side: Side, span: Span) -> int | None:
    """The position of the word that says what a source is: "an official with knowledge"."""
    ((first, last),) = side.reading.ranges([span])
    roles = side.reading.lists.roles
    for i in range(side.position(first), side.position(last)):
        if side.words[i].key in roles or side.stems[i] in roles:
            return i
    return None


def _names(reading: Reading, span: Span) -> list[Word]:
    first, last = bisect_left(reading.starts, span.start), bisect_left(reading.starts, span.end)
    return [
        reading.words[i]
        for i in range(first, last)
        if reading.words[i].capital and not reading.words[i].function
    ]


def _alone(
    match: Match, side: Side, quotation: Quotation, other: Side, *, mirrored: bool
) -> Iterator[Finding]:
    words = _keys(side.reading, quotation)
    for near in other.reading.quotations_near(other.spans)[:_MOST]:
        there = _keys(other.reading, near) if near.direct else []
        alike = _share_words(words, there) and (
            LCSseq.normalized_similarity(words, there) >= _ENOUGH or _cut(words, there)
        )
        if there and alike:
            return
    first, last = other.reading.words_near(other.spans)
    keys = [word.key for word in other.reading.words[first:last] if word.stem]
    kept = LCSseq.similarity(words, keys) / len(words) if words and len(keys) < 4000 else 0
    if kept >= 0.8:
        if side.reading.quotes > _HABIT and not other.reading.quotes:
            return  # a text that lost its quotation marks throughout
        scare = len(words) < _SAID and quotation.speaker is None
        finding = Finding("quotation", 1, quotation.span, None, "marks")
        if scare:
            finding = finding._replace(kind="strength", reason="scare")
    else:
        severity = 3 if match.copied and len(words) >= _SAID else 2
        finding = Finding("quotation", severity, quotation.span, None, "quotation")
    yield finding.mirrored() if mirrored else finding


def attributions(match: Match) -> Iterator[Finding]:
    """Sources that were dropped, added or exchanged."""
    a, b = match.source, match.derived
    left = [q for q in a.quotations[:_MOST] if q.cue]
    right = [q for q in b.quotations[:_MOST] if q.cue]
    if left and not right:
        yield from _lost(match, a, left, b, mirrored=False)
    elif right and not left:
        yield from _lost(match, b, right, a, mirrored=True)
    elif len(left) == len(right) == 1 and not left[0].direct and not right[0].direct:
        one, other = left[0].speaker, right[0].speaker
        if one and other:
            if not _same_source(match, one, other):
                yield Finding("attribution", 2, one, other, "source")
            else:
                yield from _roles(match, one, other)
    yield from _seen_by(match, a, b, match.source_left, mirrored=False)
    yield from _seen_by(match, b, a, match.derived_left, mirrored=True)


def _lost(
    match: Match, side: Side, found: list[Quotation], other: Side, *, mirrored: bool
) -> Iterator[Finding]:
    """The sources of one side, where the other names none and does not even speak of them."""
    for quotation in found:
        cue, speaker = quotation.cue, quotation.speaker
        if quotation.direct or cue is None or speaker is None:
            continue
        stems = _stems(side.reading, speaker)
        if not stems:
            continue  # a pronoun
        if any(stem in match.lists.speech for stem in other.stem_set):
            return
        if any(stem in other.stem_set for stem in stems):
            continue
        span = Span(min(cue.start, speaker.start), max(cue.end, speaker.end))
        finding = Finding("attribution", 2, span, None, "source")
        yield finding.mirrored() if mirrored else finding
        return


def _seen_by(
    match: Match, side: Side, other: Side, left: set[int], *, mirrored: bool
) -> Iterator[Finding]:
    """`a memo seen by the agency` whose source is gone on the other side."""
    for position in sorted(left):
        word = side.words[position]
        if word.key not in match.lists.seen_by or position + 1 >= len(side):
            continue
        if side.words[position + 1].key != "by" or other.keys & match.lists.seen_by:
            continue
        last = position + 2
        while last < len(side) and (
            side.is_name(last) or side.words[last].key in match.lists.determiners
        ):
            last += 1
        finding = Finding("attribution", 2, side.span(position, last), None, "source")
        yield finding.mirrored() if mirrored else finding
