"""The reading page as plain values: columns of paragraphs with what stands in their margins.

Nothing here knows of requests or the database. Offsets are code points into the document's text,
spans are half-open.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.comparison import Comparison
from corpus.comparison.wording import ADDED, DROPPED, UNDECIDED, gaps, heading_of, label_beside
from corpus.text import Span

from .pieces import Chip, Facing, Mark, Piece, Pieces, Text

SHOWN_CARDS = 4  # notes beside a paragraph before the rest folds away
GRAVE = 3  # severity of a change that makes the text say something else
STRIP_STEPS = 240  # places on the overview strip

# Texts that are not copies of one another: what only one of them says is no news.
LOOSE = frozenset({"quotes", "same_event", "unrelated"})
SOLID = 0.6  # score from which a pair of such texts shares words rather than a subject


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or the white space between two where `number` is None.

    `pairs` are the keys that its counterparts share; `kind` is that of its pair.
    """

    pieces: tuple[Piece, ...]
    number: int | None = None
    start: int = 0
    end: int = 0
    pairs: str = ""
    kind: str = ""

    @property
    def attributes(self) -> list[tuple[str, str | int]]:
        found: list[tuple[str, str | int]] = [("data-start", self.start), ("data-end", self.end)]
        if self.pairs:
            found.append(("data-pair", self.pairs))
        if self.kind:
            found.append(("data-kind", self.kind))
        return found


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with what stands beside it in the margin; `after` is the white space behind it."""

    document: int
    index: int
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    chips: tuple[Chip, ...]
    cards: tuple["Card", ...]
    after: str

    @property
    def key(self) -> str:
        """The name of the block in an address, and in the ids of the page."""
        return f"{self.document}-{self.index}"

    @property
    def shown_cards(self) -> tuple["Card", ...]:
        return self.cards if len(self.cards) <= SHOWN_CARDS else self.cards[: SHOWN_CARDS - 1]

    @property
    def folded_cards(self) -> tuple["Card", ...]:
        return self.cards[len(self.shown_cards) :]

    @property
    def folded(self) -> list[tuple[str, str]]:
        """Which marks the folded cards are about."""
        shorts = [mark.short for card in self.folded_cards for mark in card.marks]
        return [("data-annotations", " ".join(dict.fromkeys(shorts)))]


@dataclass(frozen=True, slots=True)
class Card:
    """The compact note in the margin: one line for all coders who say the same in a paragraph."""

    marks: tuple[Mark, ...]
    sentence: str

    @property
    def first(self) -> Mark:
        return self.marks[0]

    @property
    def attributes(self) -> list[tuple[str, str | int]]:
        found: list[tuple[str, str | int]] = [
            ("data-annotations", " ".join([mark.short for mark in self.marks])),
            ("data-lane-1", self.first.colour),
            ("data-letter", self.first.letter),
            ("data-name", self.label),
        ]
        if self.first.claim:
            found += [("data-claim", self.first.claim), ("title", self.first.statement)]
        return found

    @property
    def label(self) -> str:
        """The number of the claim, and what the mark does with it."""
        return f"{self.first.number} {self.first.label}" if self.first.number else self.first.label

    @property
    def sources(self) -> str:
        """Whom the passages are given to."""
        return "; ".join(dict.fromkeys(mark.source for mark in self.marks if mark.source))

    @property
    def notes(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.note]


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the overview strip, in steps of its height from the top."""

    at: int
    steps: int
    kind: Literal["change", "lone", "mark"]
    degree: int
    target: str
    label: str

    @property
    def attributes(self) -> list[tuple[str, str | int]]:
        return [("data-kind", self.kind), ("data-degree", self.degree)]

    @property
    def place(self) -> list[tuple[str, str | int]]:
        """Changes to the left, marks to the right."""
        left, width = (7, 4) if self.kind == "mark" else (1, 5)
        return [("x", left), ("y", self.at), ("width", width), ("height", self.steps)]


@dataclass(frozen=True, slots=True)
class Relation:
    """What a document is to the base, in words, with the share of the base's words it keeps."""

    key: str
    words: str
    kept: int
    direction: str
    coarse: bool
    gaps: str
    """Which changes are not looked for in the language of the texts."""

    @property
    def undecided(self) -> bool:
        """Whether it is open which of the two texts came first."""
        return self.direction == "undecided" and self.key in UNDECIDED

    @property
    def aligned(self) -> bool:
        """Whether the texts run side by side, so that their paragraphs can stand level."""
        return self.key not in LOOSE

    @property
    def shares_words(self) -> bool:
        return self.key not in ("same_event", "unrelated")


@dataclass(frozen=True, slots=True)
class Column:
    """One document of the page; `changes` are those against the base, in the order of the text."""

    document: int
    blocks: tuple[Block, ...]
    ticks: tuple[Tick, ...]
    changes: tuple[Chip, ...]
    mark_count: int
    relation: Relation | None

    @property
    def tally(self) -> list[tuple[str, int, Chip]]:
        """The gravest of what was done to the text: label, how often, the first case."""
        counts = Counter(chip.label for chip in self._grave)
        first: dict[str, Chip] = {}
        for chip in self._grave:
            first.setdefault(chip.label, chip)
        return [(label, count, first[label]) for label, count in counts.most_common()]

    @property
    def lesser(self) -> int:
        """How many changes the tally leaves out."""
        return len(self.changes) - len(self._grave)

    @property
    def _grave(self) -> list[Chip]:
        return [chip for chip in self.changes if chip.severity >= GRAVE]


def relation_of(comparison: Comparison) -> Relation:
    return Relation(
        key=comparison.relation,
        words=heading_of(comparison),
        kept=round(100 * comparison.source_in_derived),
        direction=comparison.direction,
        coarse=comparison.coarse,
        gaps=gaps(comparison),
    )


def facings(source: Text, derived: Text, comparison: Comparison) -> tuple[Facing, Facing]:
    """The comparison from the side of the source and from that of the derived text."""
    loose = comparison.relation in LOOSE
    pairs = [(pair, f"{derived.pk}:{n}") for n, pair in enumerate(comparison.pairs)]
    told = [
        pair
        for pair in comparison.pairs
        if not loose or (pair.source and pair.derived and pair.score >= SOLID)
    ]
    solid = {span.start for pair in told for span in pair.source}
    edits = [edit for pair in told for edit in pair.edits if edit.op != "equal"]
    answers = _Answers(comparison)
    here: list[tuple[Span | None, Chip, bool]] = []
    there: list[tuple[Span | None, Chip, bool]] = []
    for n, change in enumerate(comparison.changes):
        if loose and not (change.source and answers.sentence_at(change.source.start) in solid):
            continue
        left = (change.source.start, change.source.end) if change.source else None
        right = (change.derived.start, change.derived.end) if change.derived else None
        # Where words were dropped, the chip stands beside the sentence of the copy that lost them.
        at = right[0] if right else answers.in_derived(left[0]) if left else None
        beside = derived if at is not None else source
        chip = Chip(
            key=f"{derived.pk}-{n}",
            kind=change.kind,
            severity=change.severity,
            label=label_beside(change),
            reason=change.note,
            sentence=_sentence_id(beside, at if at is not None else left[0] if left else 0),
            source=change.source.text if change.source else "",
            derived=change.derived.text if change.derived else "",
        )
        here.append((left, chip, at is None))
        there.append((right, chip, at is not None))
    return (
        Facing(
            tuple((pair.source, pair.kind, key) for pair, key in pairs if pair.source),
            tuple((edit.source, edit.op) for edit in edits if edit.source[0] < edit.source[1]),
            tuple(here),
            loose,
        ),
        Facing(
            tuple((pair.derived, pair.kind, key) for pair, key in pairs if pair.derived),
            tuple((edit.derived, edit.op) for edit in edits if edit.derived[0] < edit.derived[1]),
            tuple(there),
            loose,
        ),
    )


class _Answers:
    """The sentences of the source, and what answers to them in the derived text."""

    def __init__(self, comparison: Comparison) -> None:
        found = sorted((span[0], pair) for pair in comparison.pairs for span in pair.source)
        self._starts = [start for start, _ in found]
        self._pairs = [pair for _, pair in found]

    def sentence_at(self, offset: int) -> int | None:
        """Where the sentence of the source starts that holds the offset."""
        at = bisect_right(self._starts, offset) - 1
        return self._starts[at] if at >= 0 else None

    def in_derived(self, offset: int) -> int | None:
        """Where the derived sentence starts that answers to the offset; None if none does."""
        at = bisect_right(self._starts, offset) - 1
        if at < 0 or not self._pairs[at].derived:
            return None
        return self._pairs[at].derived[0][0]


def _sentence_at(text: Text, offset: int) -> int:
    return max(0, bisect_right(text.sentences, (offset, len(text.text))) - 1)


def _sentence_id(text: Text, offset: int) -> str:
    return f"s-{text.pk}-{_sentence_at(text, offset)}"


def column(
    text: Text,
    *,
    facing: Sequence[Facing] = (),
    marks: Sequence[Mark] = (),
    relation: Relation | None = None,
    window: range | None = None,
) -> Column:
    """The column of a document, from the comparisons it takes part in and the marks on it.

    Of its blocks only those in the window, where there is one.
    """
    chips = _chips(text, facing)
    return Column(
        document=text.pk,
        blocks=tuple(
            _blocks(text, facing, marks, chips, wanted=frozenset(window) if window else None)
        ),
        ticks=tuple(_ticks(text, chips, marks)),
        changes=tuple(chip for faced in facing for _, chip, _ in faced.changes) if relation else (),
        mark_count=len({mark.annotation for mark in marks}),
        relation=relation,
    )


def _fates(text: Text, facing: Sequence[Facing]) -> dict[int, tuple[str, str]]:
    """The pair keys and the kind of each sentence, by where it starts.

    A sentence is lone ("added", "dropped") where no document it is compared with has it.
    """
    keys: dict[int, list[str]] = {}
    kinds: dict[int, list[str]] = {}
    for faced in facing:
        for sentences, kind, key in faced.pairs:
            lone = kind in ("added", "dropped")
            for start, _ in sentences:
                if not lone:
                    keys.setdefault(start, []).append(key)
                if not (lone and faced.loose):
                    kinds.setdefault(start, []).append(kind)
    fates = {}
    for start in {*keys, *kinds}:
        found = kinds.get(start, [])
        told = [kind for kind in found if kind not in ("added", "dropped")] or found
        fates[start] = (" ".join(keys.get(start, [])), told[0] if told else "")
    return fates


def _chips(text: Text, facing: Sequence[Facing]) -> list[tuple[int, Chip]]:
    """The chips of this margin with the offset each stands at, in the order of the text."""
    found: list[tuple[int, Chip]] = []
    starts = {f"s-{text.pk}-{n}": span[0] for n, span in enumerate(text.sentences)}
    told: set[str] = set()
    for faced in facing:
        for span, chip, beside in faced.changes:
            if beside:
                found.append((span[0] if span else starts.get(chip.sentence, 0), chip))
                if chip.kind == "statement":
                    told.add(chip.sentence)
    lone_elsewhere = len([faced for faced in facing if not faced.loose])
    lone: Counter[int] = Counter()
    for faced in facing:
        for sentences, kind, _ in faced.pairs:
            for start, _ in sentences:
                if kind in ("added", "dropped") and not faced.loose:
                    lone[start] += 1
                    sentence = _sentence_id(text, start)
                    if lone[start] == lone_elsewhere and sentence not in told:
                        label = ADDED if kind == "added" else DROPPED
                        reason = (
                            "No sentence of the base answers to this one."
                            if kind == "added"
                            else "No sentence of the other text answers to this one."
                        )
                        found.append((start, Chip("", kind, 0, label, reason, sentence)))
    found.sort(key=lambda item: (item[0], -item[1].severity))
    return list(_merged(found, copies=len(facing)))


def _merged(chips: Iterable[tuple[int, Chip]], *, copies: int) -> Iterable[tuple[int, Chip]]:
    """One chip for a sentence that several copies leave out, which says how many of them do."""
    merged: dict[tuple[str, str], tuple[int, list[Chip]]] = {}
    for at, chip in chips:
        own = chip.key if chip.kind != "statement" else ""
        merged.setdefault((chip.sentence, own or chip.label), (at, []))[1].append(chip)
    for at, same in merged.values():
        chip = same[0]
        if copies > 1 and chip.label == DROPPED:
            keys = " ".join(one.key for one in same if one.key)
            chip = replace(chip, key=keys, label=f"{DROPPED} by {len(same)} of {copies}")
        yield at, chip


def some_blocks(
    text: Text,
    indices: Iterable[int],
    *,
    facing: Sequence[Facing] = (),
    marks: Sequence[Mark] = (),
) -> list[Block]:
    """The blocks of some paragraphs, as column() has them, at the cost of those paragraphs."""
    wanted = frozenset(indices)
    return list(_blocks(text, facing, marks, _chips(text, facing), wanted=wanted)) if wanted else []


def _blocks(
    text: Text,
    facing: Sequence[Facing],
    marks: Sequence[Mark],
    chips: Sequence[tuple[int, Chip]],
    *,
    wanted: frozenset[int] | None = None,
) -> Iterable[Block]:
    spans = [text.paragraphs[index] for index in sorted(wanted)] if wanted else ()
    within = (spans[0][0], spans[-1][1]) if spans else (0, len(text.text))
    pieces = Pieces(text, facing, marks, within=within)
    fates = _fates(text, facing)
    starts = [start for start, _ in text.paragraphs]
    beside: dict[int, list[Chip]] = {}
    for at, chip in chips:
        beside.setdefault(max(0, bisect_right(starts, at) - 1), []).append(chip)
    noted: dict[int, dict[tuple[int | None, str, str], list[Mark]]] = {}
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if mark.role == "passage":
            saying = noted.setdefault(max(0, bisect_right(starts, mark.start) - 1), {})
            saying.setdefault((mark.claim, mark.label, mark.letter), []).append(mark)
    number = 0
    for index, (start, end) in enumerate(text.paragraphs):
        if wanted and index not in wanted:
            continue
        number = bisect_left(text.sentences, (start, 0), lo=number)
        sentences: list[Sentence] = []
        at = start
        while number < len(text.sentences) and text.sentences[number][0] < end:
            first, last = text.sentences[number]
            if at < first:
                sentences.append(Sentence(pieces.between(at, first)))
            pairs, kind = fates.get(first, ("", ""))
            sentences.append(
                Sentence(pieces.between(first, last), number, first, last, pairs, kind)
            )
            at, number = last, number + 1
        if at < end:
            sentences.append(Sentence(pieces.between(at, end)))
        yield Block(
            document=text.pk,
            index=index,
            start=start,
            end=end,
            sentences=tuple(sentences),
            chips=tuple(beside.get(index, ())),
            cards=tuple(
                Card(tuple(said), _sentence_id(text, said[0].start))
                for said in noted.get(index, {}).values()
            ),
            after=text.text[end : starts[index + 1]] if index + 1 < len(starts) else "",
        )


def _ticks(text: Text, chips: Sequence[tuple[int, Chip]], marks: Sequence[Mark]) -> Iterable[Tick]:
    """At most one tick of a kind per step of the strip, the gravest one."""
    found: dict[tuple[str, int], Tick] = {}
    length = max(1, len(text.text))

    def place(start: int, end: int) -> tuple[int, int]:
        first = start * STRIP_STEPS // length
        return first, max(1, end * STRIP_STEPS // length - first)

    for at, chip in chips:
        step, _ = place(at, at)
        start, end = text.sentences[_sentence_at(text, at)] if text.sentences else (at, at)
        kind: Literal["change", "lone"] = "change" if chip.key else "lone"
        if kind == "lone":
            step, steps = place(start, end)
        else:
            steps = 2
        tick = Tick(step, steps, kind, chip.severity, _sentence_id(text, at), chip.label)
        if (kind, step) not in found or found[kind, step].degree < chip.severity:
            found[kind, step] = tick
    for mark in marks:
        if mark.role != "passage" or not text.sentences:
            continue
        for number in range(_sentence_at(text, mark.start), _sentence_at(text, mark.end - 1) + 1):
            step, steps = place(*text.sentences[number])
            if ("mark", step) not in found:
                found["mark", step] = Tick(
                    step, steps, "mark", mark.colour, f"s-{text.pk}-{number}", mark.in_words
                )
    return sorted(found.values(), key=lambda tick: (tick.at, tick.kind))
