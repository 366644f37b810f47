"""Comparisons of stored documents, remembered by the two texts and the version of the engine.

A comparison takes time, and its result memory, in the measure of both texts: two legal codes would
keep a whole server waiting. So what a page asks for is bounded; commands compare texts of any length.
"""

from dataclasses import replace

from django.core.cache import cache

from .comparison import VERSION, Comparison, compare
from .models import Document

# Of both documents together: some two seconds.
MOST_CHARACTERS = 800_000
MOST_SENTENCES = 12_000

TOO_LONG = (
    f"Not compared: two texts of more than {MOST_CHARACTERS:,} characters or {MOST_SENTENCES:,} "
    "sentences together take too long while you wait."
)


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
    """Compare two documents; the same two texts are compared once.

    Raises TooLongToCompare where it would take long and `any_length` does not allow it.
    """
    comparable = is_comparable(source, derived)
    if not (comparable or any_length):
        raise TooLongToCompare
    language = language_of(source, derived)
    key = f"comparison:{VERSION}:{source.sha256}:{derived.sha256}:{language}"
    found: Comparison | None = cache.get(key) if comparable else None
    if found is None:
        found = compare(
            source.text,
            derived.text,
            source_sentences=[(start, end) for start, end in source.sentences],
            derived_sentences=[(start, end) for start, end in derived.sentences],
            language=language,
        )
        if comparable:
            cache.set(key, found)
    return replace(
        found,
        source=found.source | {"title": source.title},
        derived=found.derived | {"title": derived.title},
    )
