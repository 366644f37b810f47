"""Names of people, places and organisations, and titles, that differ."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from ..results import Span
from ..tokens import fold
from .frames import agree, frame
from .pair import Finding, Match, Side

_SOUNDS = (
    ("ks", "x"), ("ph", "f"), ("ou", "u"), ("oo", "u"), ("ck", "k"), ("h", ""),
    ("c", "k"), ("y", "i"), ("j", "i"), ("w", "v"), ("z", "s"),
)  # fmt: skip

_BEGINNING = 4
"""Letters with which two names of one thing begin: "Britons", "British"."""

_TITLE = 4
"""Words of a title at most before or after its head."""

_MOST = 100
"""Names of one passage that are looked at."""


def names(match: Match) -> Iterator[Finding]:
    """Names that the other side has differently, or not at all, and names that changed places."""
    a, b = match.source, match.derived
    short_a, short_b = _abbreviated(a, b), _abbreviated(b, a)
    left = [
        run for run in _runs(a, match.source_left - short_a)[:_MOST] if not _known(match, a, run, b)
    ]
    right = [
        run
        for run in _runs(b, match.derived_left - short_b)[:_MOST]
        if not _known(match, b, run, a)
    ]
    free = list(right)
    alone = []
    for run in left:
        partner = next(
            (
                other
                for other in free
                if match.derived_block[other[0]] == match.source_block[run[0]]
            ),
            None,
        )
        partner = next((other for other in free if _respelt(a, run, b, other)), partner)
        if partner is None:
            alone.append(run)
            continue
        free.remove(partner)
        if _transcribed(a, run, b, partner):
            yield Finding("name", 1, _span(a, run), _span(b, partner), "spelling")
        elif _respelt(a, run, b, partner):
            yield Finding("name", 2, _span(a, run), _span(b, partner), "spelling")
        else:
            titles = _is_title(match, a, run) and _is_title(match, b, partner)
            severity = 3 if titles else _severity(match, run, partner)
            reason = "title" if titles else "name"
            yield Finding("name", severity, _span(a, run), _span(b, partner), reason)
    for run in alone:
        yield from _alone(match, a, run, b)
    for run in free:
        for finding in _alone(match, b, run, a):
            yield finding.mirrored()


def _severity(match: Match, run: list[int], partner: list[int]) -> int:
    """3 where two proper names stand in the same frame; 2 where they may be two names of one thing.

    Common nouns in a name ("the Middle East"), initials, and names that begin alike often are.
    """
    a, b = match.source, match.derived
    known = match.lists.synonyms
    for one in run:
        for other in partner:
            left, right = a.words[one], b.words[other]
            if left.key[:_BEGINNING] == right.key[:_BEGINNING]:
                return 2
    if any(
        side.words[i].acronym or side.stems[i] in known
        for side, positions in ((a, run), (b, partner))
        for i in positions
    ):
        return 2
    frames = frame(a, run[0], run[-1] + 1), frame(b, partner[0], partner[-1] + 1)
    return 3 if agree(match, *frames) or not (frames[0].all and frames[1].all) else 2


def _transcribed(side: Side, run: list[int], other: Side, counterpart: list[int]) -> bool:
    """Whether two names sound alike, or are one in one word: "Aleksei", "Alexei"; "Air Force"."""
    one = "".join(side.words[i].key for i in run)
    there = "".join(other.words[j].key for j in counterpart)
    return _sound(one) == _sound(there)


def _span(side: Side, run: list[int]) -> Span:
    return side.span(run[0], run[-1] + 1)


def _runs(side: Side, left: set[int]) -> list[list[int]]:
    """The left-over words of names, neighbours and names of one enumeration together."""
    runs: list[list[int]] = []
    for i in [i for i in sorted(left) if side.is_name(i) and len(side.words[i].key) > 1]:
        joins = side.reading.lists.coordinators
        if runs and (
            i == runs[-1][-1] + 1
            or (i == runs[-1][-1] + 2 and side.words[i - 1].key in joins and len(runs[-1]) > 1)
        ):
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _known(match: Match, side: Side, run: list[int], other: Side) -> bool:
    """Whether the other side has the name in another shape: an alias, initials, a spelling."""
    lists = match.lists
    stems = [side.stems[i] for i in run]
    whole = "_".join(stems)
    groups = lists.aliases.get(whole, frozenset()) | lists.demonyms.get(whole, frozenset())
    if groups and any(
        groups & (lists.aliases.get(stem, frozenset()) | lists.demonyms.get(stem, frozenset()))
        for stem in other.stem_set
    ):
        return True
    if len(run) == 1 and side.words[run[0]].text.isupper() and _spelled_out(stems[0], other):
        return True
    return all(_has(match, side, i, other) for i in run)


def _abbreviated(side: Side, other: Side) -> set[int]:
    """The positions of capitalised words whose first letters the other side has as one word."""
    positions: set[int] = set()
    unknown = other.acronyms - side.keys if other.acronyms else ()
    if not unknown:
        return positions
    capitals = [i for i, word in enumerate(side.words) if word.capital]
    for letters in sorted(unknown)[:_MOST]:
        first = side.initials.find(letters)
        if first >= 0:
            positions.update(capitals[first : first + len(letters)])
    return positions


def _spelled_out(letters: str, other: Side) -> bool:
    """Whether the capitals of the other side spell the letters, one after another."""
    return len(letters) > 1 and letters in other.initials


def _has(match: Match, side: Side, position: int, other: Side) -> bool:
    word = side.words[position]
    if word.stem in other.stem_set or word.key in other.parts | match.lists.honorifics:
        return True
    if "-" in word.text:
        named = [fold(part) for part in word.text.split("-") if part[:1].isupper()]
        if all(part in other.parts for part in named):
            return True
    none: frozenset[int] = frozenset()
    groups = match.lists.demonyms.get(word.stem, none) | match.lists.aliases.get(word.stem, none)
    demonyms, aliases = match.lists.demonyms, match.lists.aliases
    for stem in other.stem_set:
        if groups and groups & (demonyms.get(stem, none) | aliases.get(stem, none)):
            return True
        if _is_respelling(stem, word.stem) and _sounds_alike(stem, word.stem):
            return True
    return False


def _respelt(side: Side, run: list[int], other: Side, counterpart: list[int]) -> bool:
    """Whether two names differ by a letter in one of their words or more."""
    return len(run) == len(counterpart) and all(
        side.stems[i] == other.stems[j] or _is_respelling(side.stems[i], other.stems[j])
        for i, j in zip(run, counterpart, strict=True)
    )


def _is_respelling(one: str, other: str) -> bool:
    """Whether two longer words are a letter apart."""
    return (
        min(len(one), len(other)) >= 5
        and max(len(one), len(other)) >= 6
        and one[0] == other[0]
        and Levenshtein.distance(one, other, score_cutoff=1) <= 1
    )


def _sounds_alike(one: str, other: str) -> bool:
    """Whether words a letter apart are one name in two transcriptions, or one with an ending."""
    return one.startswith(other) or other.startswith(one) or _sound(one) == _sound(other)


@lru_cache(maxsize=1 << 14)
def _sound(word: str) -> str:
    """The word without what transcriptions differ in: double letters, y and i, c and k, a mute h."""
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    return "".join(letter for letter, _ in groupby(word))


def _is_title(match: Match, side: Side, run: list[int]) -> bool:
    return all(side.words[i].key in match.lists.titles for i in run)


def _alone(match: Match, side: Side, run: list[int], other: Side) -> Iterator[Finding]:
    """What to say of a name that only one side has; the finding is given as if for the source."""
    if all(side.stems[i] in other.stems_near for i in run):
        return
    before, after = run[0] - 1, run[-1] + 1
    beside = [i for i in (before, after) if 0 <= i < len(side) and side.is_name(i)]
    if _is_title(match, side, run):
        yield from _shortened_title(match, side, run, other)
        return
    if any(side.stems[i] in other.stem_set for i in beside):
        return  # part of a name: "Ana Ruiz" and "Ruiz"
    if _is_description(match, side, run):
        return
    block = (match.source_block if side is match.source else match.derived_block)[run[0]]
    if block >= 0:
        opposite = match.blocks[block]
        positions = opposite.derived if side is match.source else opposite.source
        if any(other.words[i].key in match.lists.pronouns for i in positions):
            return
    yield Finding("name", 2, _span(side, run), None, "name")


def _shortened_title(match: Match, side: Side, run: list[int], other: Side) -> Iterator[Finding]:
    """A title that only one side has in full: "Foreign Affairs Minister", "Deputy Chief"."""
    heads = match.lists.title_heads
    around = range(max(0, run[0] - _TITLE), min(len(side), run[-1] + _TITLE + 1))
    near = sorted(around, key=lambda i: min(abs(i - run[0]), abs(i - run[-1])))
    head = next(
        (
            i
            for i in near
            if side.words[i].key in heads
            and all(side.words[k].capital for k in range(min(i, run[0]), max(i, run[-1]) + 1))
        ),
        None,
    )
    if head is None:
        if run[-1] + 1 < len(side) and side.is_name(run[-1] + 1):
            yield Finding("name", 2, _span(side, run), None, "title")  # "Chief Executive Ana Ruiz"
        return
    first, last = _title_at(match, side, head)
    there = next((j for j, stem in enumerate(other.stems) if stem == side.stems[head]), None)
    counterpart = None
    if there is not None:
        words = frozenset(side.stems[first:last])
        counterpart = other.span(*_title_at(match, other, there, words))
    yield Finding("name", 2, side.span(first, last), counterpart, "title")


def ranks(match: Match) -> Iterator[Finding]:
    """Words such as "deputy" and "former" before a title, in small letters, that came or went."""
    a, b = match.source, match.derived
    for side, other, left, mirrored in (
        (a, b, match.source_left, False),
        (b, a, match.derived_left, True),
    ):
        for i in sorted(left):
            if side.words[i].key not in match.lists.ranks or side.is_name(i):
                continue
            head = next(
                (
                    k
                    for k in range(i + 1, min(i + _TITLE, len(side)))
                    if side.words[k].key in match.lists.titles - match.lists.ranks
                ),
                None,
            )
            if head is None or side.stems[head] not in other.stem_set:
                continue
            if side.stems[i] in other.stems_near:
                continue
            there = other.stems.index(side.stems[head])
            left.discard(i)
            found = Finding(
                "name", 2, side.span(i, head + 1), other.span(there, there + 1), "title"
            )
            yield found.mirrored() if mirrored else found


def _title_at(
    match: Match, side: Side, position: int, also: frozenset[str] = frozenset()
) -> tuple[int, int]:
    """The positions of the words of a title round its head: "Deputy Maritime Minister".

    It begins with a word that titles have, or that is `also` one of this title.
    """
    first, last = position, position + 1
    while first and position - first < _TITLE and side.words[first - 1].capital:
        first -= 1
    while (
        first < position
        and side.words[first].key not in match.lists.titles
        and side.stems[first] not in also
    ):
        first += 1
    while (
        last < len(side) and side.words[last].capital and side.words[last].key in match.lists.titles
    ):
        last += 1
    return first, last


def _is_description(match: Match, side: Side, run: list[int]) -> bool:
    """Whether the name only describes what was named before: "the South American country"."""
    before = side.words[run[0] - 1] if run[0] else None
    after = side.words[run[-1] + 1] if run[-1] + 1 < len(side) else None
    return (
        before is not None
        and before.key in match.lists.determiners
        and after is not None
        and after.stem in match.lists.anaphors
    )
