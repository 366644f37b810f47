"""Comparisons of stored documents, remembered by the two texts and the version of the engine.

A comparison takes time, and its result memory, in the measure of both texts: two legal codes would
keep a whole server waiting. So what a page asks for is bounded; commands compare texts of any length.
What is compared in the background is kept in a table for all processes; what a page compares is
remembered by its process alone, because reading writes nothing.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from itertools import accumulate
from typing import Any

from django.core.cache import cache

from .comparison import VERSION, About, Change, Comparison, Pair, Passage, compare
from .comparison.relation import informed
from .comparison.results import Edit, Span
from .models import Document, StoredComparison

# Of both documents together: some two seconds.
MOST_CHARACTERS = 800_000
MOST_SENTENCES = 12_000

TOO_LONG = (
    f"Not compared: two texts of more than {MOST_CHARACTERS:,} characters or {MOST_SENTENCES:,} "
    "sentences together take too long while you wait."
)

# How values are written; another number, and what is there is compared anew.
FORM = 2
KEPT_AS = f"{VERSION}.{FORM}"
# What all that is kept may take, and one value.
MOST_BYTES = 256 * 2**20
LARGEST = 2**20


class TooLongToCompare(Exception):
    """The two texts are too long to be compared while somebody waits."""


def is_comparable(source: Document, derived: Document) -> bool:
    """Whether the two can be compared while somebody waits."""
    return (
        len(source.text) + len(derived.text) <= MOST_CHARACTERS
        and len(source.sentences) + len(derived.sentences) <= MOST_SENTENCES
    )


def language_of(source: Document, derived: Document) -> str | None:
    """The language that both documents are said to be in; None where they are not, or differ."""
    told = {document.language.lower() for document in (source, derived) if document.language}
    return told.pop() if len(told) == 1 else None


def comparison_of(source: Document, derived: Document, *, any_length: bool = False) -> Comparison:
    """Compare two documents, and heed their days and publishers in what came first.

    Raises TooLongToCompare where it would take long and `any_length` does not allow it.
    """
    found = compared(source, derived, any_length=any_length)
    return informed(found, (source.text, derived.text), (_about(source), _about(derived)))


def compared(source: Document, derived: Document, *, any_length: bool = False) -> Comparison:
    """Compare the texts of two documents alone; the same two are compared once.

    Raises TooLongToCompare where it would take long and `any_length` does not allow it.
    """
    comparable = is_comparable(source, derived)
    if not (comparable or any_length):
        raise TooLongToCompare
    key = _key(source, derived)
    found: Comparison | None = cache.get(key) if comparable else None
    if found is None:
        found = _kept([(source, derived)]).get(key) or _compare(source, derived)
        if comparable:
            cache.set(key, found)
    return replace(
        found,
        source=found.source | {"title": source.title},
        derived=found.derived | {"title": derived.title},
    )


def get_ready(pairs: Iterable[tuple[Document, Document]]) -> None:
    """See to it that comparing these pairs asks the database nothing more."""
    missing = [pair for pair in pairs if is_comparable(*pair) and cache.get(_key(*pair)) is None]
    kept = _kept(missing)
    for pair in missing:
        key = _key(*pair)
        cache.set(key, kept.get(key) or _compare(*pair))


def _compare(source: Document, derived: Document) -> Comparison:
    return compare(
        source.text,
        derived.text,
        source_sentences=[(start, end) for start, end in source.sentences],
        derived_sentences=[(start, end) for start, end in derived.sentences],
        language=language_of(source, derived),
    )


def _key(source: Document, derived: Document) -> str:
    # What somebody calls a language are their words, which no key may hold.
    told = (language_of(source, derived) or "").encode().hex()[:70]
    return f"comparison:{VERSION}:{source.sha256}:{derived.sha256}:{told}"


def _about(document: Document) -> About:
    return About(document.published_on, document.publisher)


def keep(compared: Iterable[tuple[Document, Document, Comparison]]) -> None:
    """Keep these comparisons of texts alone for all processes."""
    rows = []
    for source, derived, comparison in compared:
        value = _written(comparison)
        if len(value) <= LARGEST:
            rows.append(
                StoredComparison(
                    source=source.sha256,
                    derived=derived.sha256,
                    version=KEPT_AS,
                    language=language_of(source, derived) or "",
                    value=value,
                    size=len(value),
                )
            )
    StoredComparison.objects.bulk_create(rows, batch_size=100, ignore_conflicts=True)


def tidy() -> int:
    """Drop what other versions left, what is of texts that are gone, and the oldest where it is much.

    How many rows that were.
    """
    dropped = int(StoredComparison.objects.exclude(version=KEPT_AS).delete()[0])
    texts = Document.everything.values("sha256")
    for end in ("source", "derived"):
        dropped += StoredComparison.objects.exclude(**{f"{end}__in": texts}).delete()[0]
    sizes = list(StoredComparison.objects.order_by("-pk").values_list("pk", "size"))
    sums = accumulate(size for _, size in sizes)
    last = next(
        (pk for (pk, _), total in zip(sizes, sums, strict=True) if total > MOST_BYTES), None
    )
    if last is not None:
        dropped += StoredComparison.objects.filter(pk__lte=last).delete()[0]
    return dropped


def _kept(pairs: Sequence[tuple[Document, Document]]) -> dict[str, Comparison]:
    """What the table holds of these pairs, by their keys."""
    if not pairs:
        return {}
    keys = {
        (source.sha256, derived.sha256, language_of(source, derived) or ""): _key(source, derived)
        for source, derived in pairs
    }
    sources, derived, languages = map(set, zip(*keys, strict=True))
    found = StoredComparison.objects.filter(
        source__in=sources, derived__in=derived, language__in=languages, version=KEPT_AS
    )
    return {
        keys[ends]: _read(bytes(value))
        for *texts, value in found.values_list("source", "derived", "language", "value")
        if (ends := (texts[0], texts[1], texts[2])) in keys
    }


def _written(comparison: Comparison) -> bytes:
    values = {field.name: getattr(comparison, field.name) for field in fields(comparison)}
    values["pairs"] = [_pair_values(pair) for pair in comparison.pairs]
    values["changes"] = [_change_values(change) for change in comparison.changes]
    return zlib.compress(json.dumps(values, separators=(",", ":")).encode(), 1)


def _pair_values(pair: Pair) -> list[Any]:
    edits = [[edit.op, *edit.source, *edit.derived] for edit in pair.edits]
    return [pair.source, pair.derived, pair.kind, pair.score, pair.sure, edits]


def _change_values(change: Change) -> list[Any]:
    ends = [end and [end.start, end.end, end.text] for end in (change.source, change.derived)]
    return [change.kind, change.severity, *ends, change.note]


def _read(value: bytes) -> Comparison:
    values: dict[str, Any] = json.loads(zlib.decompress(value))
    values["pairs"] = tuple(_pair(*one) for one in values["pairs"])
    values["direction_reasons"] = tuple(values["direction_reasons"])
    values["changes"] = tuple(_change(*one) for one in values["changes"])
    return Comparison(**values)


def _pair(source: Any, derived: Any, kind: Any, score: float, sure: bool, edits: Any) -> Pair:
    return Pair(
        tuple(Span(*span) for span in source),
        tuple(Span(*span) for span in derived),
        kind,
        score,
        tuple(Edit(op, Span(a, b), Span(c, d)) for op, a, b, c, d in edits),
        sure,
    )


def _change(kind: Any, severity: int, source: Any, derived: Any, note: str) -> Change:
    first, second = (Passage(*end) if end else None for end in (source, derived))
    return Change(kind, severity, first, second, note)
