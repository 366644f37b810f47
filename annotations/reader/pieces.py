"""A text cut wherever a mark, an edit, a named change or a quotation begins or ends.

Offsets are code points into the document's text, spans are half-open.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from annotations.positions import Occurrence
from annotations.spans import Segment, lanes, segments
from corpus.comparison import Quotation
from corpus.text import Span

SHOWN_LANES = 3  # underlines drawn under a passage; more are counted, not drawn


# Characters that don't show, or that turn the text around them: see corpus.text.visible.
CONTROLS = frozenset(
    [chr(code) for code in range(0x20) if chr(code) not in "\t\n"]
    + [chr(code) for code in range(0x7F, 0xA0)]
    + list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)


@dataclass(frozen=True, slots=True)
class Text:
    """A document as far as reading needs it."""

    pk: int
    title: str
    text: str
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    quotations: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotated passage: where it is, what it says, and who says so.

    `number` is the claim's, `codes` are "variable.code" keys,
    `said` is what it says of the claim, None for a changed passage; `role` tells the passage from
    the words that name its source or signal the attribution, `source` are the former where the
    passage is given to somebody.
    """

    annotation: str
    document: int
    start: int
    end: int
    role: str = "passage"
    number: int | None = None
    claim: int | None = None
    statement: str = ""
    label: str = ""
    letter: str = ""
    colour: int = 0
    coder: str = ""
    initials: str = ""
    codes: frozenset[str] = frozenset()
    said: Occurrence | None = None
    note: str = ""
    source: str = ""
    unsure: bool = False
    version: int = 1
    edit_url: str = ""  # empty where the viewer may not
    mine: bool = False  # whether the viewer made it

    @property
    def short(self) -> str:
        """The last 48 bits of the annotation, enough to tell the marks of a page apart.

        Each piece of a text names all the marks over it: in a crowded one, a third of the page.
        """
        return self.annotation[-12:]

    @property
    def tag(self) -> str:
        """What stands in front of the passage: "3S", and "3S?" where the coder was unsure."""
        tag = f"{self.number or ''}{self.letter}"
        return f"{tag}?" if tag and self.unsure else tag

    @property
    def name(self) -> str:
        """The coder in the margin."""
        return f"{self.initials}?" if self.unsure else self.initials

    @property
    def attributes(self) -> list[tuple[str, str | int]]:
        """What a script needs to edit the mark."""
        found: list[tuple[str, str | int]] = [
            ("data-annotation", self.annotation),
            ("data-start", self.start),
            ("data-end", self.end),
            ("title", f"{self.coder}, unsure" if self.unsure else self.coder),
        ]
        if self.edit_url:
            found += [("data-version", self.version), ("data-open", "")]
        if self.mine:
            found.append(("data-mine", ""))
        return found

    @property
    def in_words(self) -> str:
        """What a screen reader says of the mark."""
        claim = f"claim {self.number}" if self.number else ""
        source = f"source {self.source}" if self.source else ""
        unsure = "unsure" if self.unsure else ""
        return ", ".join(filter(None, (self.label, claim, source, self.coder, unsure)))


@dataclass(frozen=True, slots=True)
class Saying:
    """A quotation or reported statement: who says it, in words, and where that stands."""

    start: int
    end: int
    words: str
    speaker: Span | None
    cue: Span | None

    @classmethod
    def of(cls, text: Text, quotation: Quotation) -> Self:
        """Said by Zoë Varga: “told reporters”."""
        speaker, cue = (
            " ".join(text.text[span.start : span.end].split()) if span else ""
            for span in (quotation.speaker, quotation.cue)
        )
        words = f"Said by {speaker}" if speaker else "Who says this is not named"
        return cls(
            quotation.span.start,
            quotation.span.end,
            f"{words}: “{cue}”" if cue else words,
            quotation.speaker,
            quotation.cue,
        )

    @property
    def attributes(self) -> list[tuple[str, str | int]]:
        """The spans as "START END", so that a script can light them up."""
        spans = (("data-speaker", self.speaker), ("data-cue", self.cue))
        return [
            ("title", self.words),
            ("data-said", self.words),
            *((name, f"{span[0]} {span[1]}") for name, span in spans if span),
        ]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in which nothing begins or ends.

    `change` and `annotations` are keys separated by spaces, `lanes` holds the colour of each
    underline from the top, "" where that lane is free here.
    """

    text: str
    op: str = ""
    change: str = ""
    severity: int = 0
    annotations: str = ""
    role: str = ""
    lanes: tuple[str, ...] = ()
    depth: int = 0
    tag: str = ""
    words: str = ""
    control: str = ""
    said: Saying | None = None

    @property
    def attributes(self) -> list[tuple[str, str | int]]:
        """Those of the mark: underlines by lane, counted from 1, with the colour of each."""
        found: list[tuple[str, str | int]] = [
            ("data-annotations", self.annotations),
            *(
                (f"data-lane-{lane}", colour)
                for lane, colour in enumerate(self.lanes, start=1)
                if colour
            ),
        ]
        if self.role:
            found.append(("data-role", self.role))
        if self.words:
            found.append(("data-words", self.words))
        if self.tag:
            found.append(("data-tag", self.tag))
        return found

    @property
    def difference(self) -> list[tuple[str, str | int]]:
        """Those of the edit, of the named change, or of both."""
        kinds = (("edit", self.op), ("change", self.change))
        found: list[tuple[str, str | int]] = [
            ("class", " ".join(name for name, there in kinds if there))
        ]
        if self.op:
            found.append(("data-op", self.op))
        if self.change:
            found += [("data-change", self.change), ("data-severity", self.severity)]
        return found


@dataclass(frozen=True, slots=True)
class Chip:
    """A named change in the margin; `key` is empty where only a sentence's fate is told.

    `key` names several changes, separated by spaces, where several documents leave a sentence out.
    """

    key: str
    kind: str
    severity: int
    label: str
    reason: str
    sentence: str
    source: str = ""
    derived: str = ""

    @property
    def attributes(self) -> list[tuple[str, str | int]]:
        """What kind of change it is, how grave, and which."""
        found: list[tuple[str, str | int]] = [
            ("data-kind", self.kind),
            ("data-severity", self.severity),
        ]
        return [*found, ("data-change", self.key)] if self.key else found


@dataclass(frozen=True, slots=True)
class Facing:
    """A comparison as one of its two documents sees it.

    `pairs` are (spans of sentences here, kind, key); `changes` are (span here or None, chip,
    whether the chip stands in this margin).
    """

    pairs: tuple[tuple[tuple[Span, ...], str, str], ...]
    edits: tuple[tuple[Span, str], ...]
    changes: tuple[tuple[Span | None, Chip, bool], ...]
    loose: bool


class Pieces:
    """The text cut wherever an edit, a change, a mark, a sentence or a control character ends."""

    def __init__(
        self, text: Text, facing: Sequence[Facing], marks: Sequence[Mark], *, within: Span
    ) -> None:
        self._text = text.text
        self._marks = marks
        self._shorts = [mark.short for mark in marks]
        # Beside several copies, that one of them lacks a word says little of the base.
        self._edits = [
            (span, op)
            for faced in facing
            for span, op in faced.edits
            if len(facing) == 1 or op == "replace"
        ]
        self._changes = [
            (span, chip)
            for faced in facing
            for span, chip, _ in faced.changes
            if span is not None and chip.kind != "statement"
        ]
        self._lanes = lanes((mark.start, mark.end) for mark in marks if mark.role == "passage")
        passages = [n for n, mark in enumerate(marks) if mark.role == "passage"]
        self._lane_of = dict(zip(passages, self._lanes, strict=True))
        first, last = within
        shown = enumerate(self._text[first:last], start=first)
        controls = [(at, at + 1) for at, sign in shown if sign in CONTROLS]
        # One list of spans in five runs: marks, edits, changes, sayings, then what only cuts.
        spans = [(mark.start, mark.end) for mark in marks]
        self._first_edit = len(spans)
        spans += [span for span, _ in self._edits]
        self._first_change = len(spans)
        spans += [span for span, _ in self._changes]
        self._first_saying = len(spans)
        self._sayings = [Saying.of(text, one) for one in text.quotations]
        spans += [(saying.start, saying.end) for saying in self._sayings]
        self._first_cut = len(spans)
        spans += [*text.paragraphs, *text.sentences, *controls]
        self._segments = segments(first, last, spans)
        self._at = 0

    def between(self, start: int, end: int) -> tuple[Piece, ...]:
        """The pieces of [start, end); asked for in the order of the text."""
        while self._at < len(self._segments) and self._segments[self._at].end <= start:
            self._at += 1
        found = []
        while self._at < len(self._segments) and self._segments[self._at].start < end:
            found.append(self._piece(self._segments[self._at]))
            self._at += 1
        return tuple(found)

    def _piece(self, segment: Segment) -> Piece:
        words = self._text[segment.start : segment.end]
        control = f"{ord(words):04X}" if len(words) == 1 and words in CONTROLS else ""
        over = segment.over[: bisect_left(segment.over, self._first_cut)]
        if not over:
            return Piece(words, control=control)
        edit = bisect_left(over, self._first_edit)
        drawn = [""] * SHOWN_LANES
        beginning: list[Mark] = []
        depth = 0
        for n in over[:edit]:
            lane = self._lane_of.get(n)
            if lane is None:
                continue
            depth += 1
            if lane < SHOWN_LANES:
                drawn[lane] = str(self._marks[n].colour)
            if self._marks[n].start == segment.start:
                beginning.append(self._marks[n])
        change = bisect_left(over, self._first_change)
        saying = bisect_left(over, self._first_saying)
        chips = [self._changes[n - self._first_change][1] for n in over[change:saying]]
        sayings = [self._sayings[n - self._first_saying] for n in over[saying:]]
        return Piece(
            words,
            op=self._edits[over[edit] - self._first_edit][1] if edit < change else "",
            change=" ".join([chip.key for chip in chips]),
            severity=max([chip.severity for chip in chips], default=0),
            annotations=" ".join(dict.fromkeys([self._shorts[n] for n in over[:edit]])),
            role=self._marks[over[0]].role if edit and not depth else "",
            lanes=tuple(drawn),
            depth=depth,
            tag=" ".join(dict.fromkeys([mark.tag for mark in beginning])),
            words="; ".join([mark.in_words for mark in beginning]),
            control=control,
            # Of a quotation within a quotation the inner one.
            said=max(sayings, key=_innermost, default=None),
        )


def _innermost(saying: Saying) -> tuple[int, int]:
    return saying.start, -saying.end
