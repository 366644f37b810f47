"""What a comparison finds, as plain values; `as_dict` is the public JSON of docs/formats.md.

Every offset is a code point and every span is half-open, [start, end), into the text it names.
"""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

PairKind = Literal["same", "reworded", "merged", "split", "moved", "added", "dropped"]
EditOp = Literal["equal", "delete", "insert", "replace"]
ChangeKind = Literal[
    "quotation",
    "number",
    "date",
    "name",
    "negation",
    "certainty",
    "attribution",
    "strength",
    "statement",
    "roles",
]
Relation = Literal[
    "same", "revision", "rewrite", "abridgement", "quotes", "same_event", "unrelated"
]
Direction = Literal["source_to_derived", "derived_to_source", "undecided"]


class Span(NamedTuple):
    """A stretch of a text, [start, end), in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Edit:
    """One step that turns the source side of a pair into the derived side."""

    op: EditOp
    source: Span
    derived: Span

    def as_dict(self) -> dict[str, Any]:
        return {
            "op": self.op,
            "source": list(self.source),
            "derived": list(self.derived),
        }


@dataclass(frozen=True, slots=True)
class Pair:
    """Sentences of the source and the sentences of the derived text that answer to them.

    One side is empty where a sentence was added or dropped; then `edits` has one edit, whose span
    on that side is (0, 0). Otherwise the edits of each side, in order, tile its sentences:
    neighbours with the white space between them, and with a gap where other sentences lie between
    (two sentences that were merged over a third). No edit crosses a gap. "Equal" is said of words
    with the same key (`tokens.key`): "US" equals "United States". `sure` is False where hardly a
    word was kept, and only rare words, figures and synonyms say that the sentences belong together.
    """

    source: tuple[Span, ...]
    derived: tuple[Span, ...]
    kind: PairKind
    score: float
    edits: tuple[Edit, ...]
    sure: bool = True

    def as_dict(self) -> dict[str, Any]:
        return {
            "source": [list(span) for span in self.source],
            "derived": [list(span) for span in self.derived],
            "kind": self.kind,
            "score": round(self.score, 4),
            "sure": self.sure,
            "edits": [edit.as_dict() for edit in self.edits],
        }


@dataclass(frozen=True, slots=True)
class Passage:
    """A span with its words."""

    start: int
    end: int
    text: str

    def as_dict(self) -> dict[str, Any]:
        return {"start": self.start, "end": self.end, "text": self.text}


@dataclass(frozen=True, slots=True)
class Change:
    """A named change of substance; one side is None where words were added or dropped.

    Severity is 1 (a nuance), 2 (a reader would want to know) or 3 (the statement says something
    else).
    """

    kind: ChangeKind
    severity: int
    source: Passage | None
    derived: Passage | None
    note: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "severity": self.severity,
            "source": self.source.as_dict() if self.source else None,
            "derived": self.derived.as_dict() if self.derived else None,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words given to somebody: `span` is what was said, quotation marks not included.

    `speaker` and `cue` are None where the text does not name them. `direct` is True for words
    inside quotation marks, False for reported speech.
    """

    span: Span
    speaker: Span | None
    cue: Span | None
    direct: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts compared, complete: each sentence of both is in exactly one pair."""

    source: dict[str, Any]
    derived: dict[str, Any]
    similarity: float
    source_in_derived: float
    derived_in_source: float
    relation: Relation
    direction: Direction
    direction_score: float
    pairs: tuple[Pair, ...]
    changes: tuple[Change, ...]
    coarse: bool = False
    language: str = "en"
    direction_reasons: tuple[str, ...] = ()
    direction_weight: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """The comparison as JSON-ready values; `coarse` says that a huge input was compared roughly.

        `language` is the code of the word lists that were used, `und` for none.
        """
        return {
            "source": self.source,
            "derived": self.derived,
            "similarity": round(self.similarity, 4),
            "containment": {
                "source_in_derived": round(self.source_in_derived, 4),
                "derived_in_source": round(self.derived_in_source, 4),
            },
            "relation": self.relation,
            "direction": self.direction,
            "direction_score": round(self.direction_score, 4),
            "direction_reasons": list(self.direction_reasons),
            "coarse": self.coarse,
            "language": self.language,
            "pairs": [pair.as_dict() for pair in self.pairs],
            "changes": [change.as_dict() for change in self.changes],
        }
