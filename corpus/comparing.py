"""Comparisons of stored documents, remembered by the two texts and the version of the engine."""

from dataclasses import replace

from django.core.cache import cache

from .comparison import VERSION, Comparison, compare
from .models import Document


def comparison_of(source: Document, derived: Document) -> Comparison:
    """Compare two documents; the same two texts are compared once."""
    key = f"comparison:{VERSION}:{source.sha256}:{derived.sha256}"
    found: Comparison | None = cache.get(key)
    if found is None:
        found = compare(
            source.text,
            derived.text,
            source_sentences=[(start, end) for start, end in source.sentences],
            derived_sentences=[(start, end) for start, end in derived.sentences],
        )
        cache.set(key, found)
    return replace(
        found,
        source=found.source | {"title": source.title},
        derived=found.derived | {"title": derived.title},
    )
