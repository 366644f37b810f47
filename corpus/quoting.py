"""The quotations of stored documents, remembered by the text and the version of the engine."""

from bisect import bisect_right
from dataclasses import replace

from django.core.cache import cache

from . import windows
from .comparison import VERSION, Quotation, Span, quotations
from .models import Document


def quotations_of(document: Document) -> list[Quotation]:
    """Who says what in a document of ordinary length; the same text is searched once."""
    key = f"quotations:{VERSION}:{document.sha256}:{document.language.encode().hex()[:100]}"
    found: list[Quotation] | None = cache.get(key)
    if found is None:
        found = quotations(document.text, language=document.language or None)
        cache.set(key, found)
    return found


def quotations_near(document: Document, start: int, end: int) -> list[Quotation]:
    """The quotations that a passage may belong to: of a very long document those of its paragraphs."""
    paragraphs = document.paragraphs
    if not windows.is_windowed(paragraphs):
        return quotations_of(document)
    first = max(0, bisect_right(paragraphs, start, key=lambda span: span[0]) - 2)
    last = min(bisect_right(paragraphs, end, key=lambda span: span[0]) + 1, len(paragraphs))
    return quotations_within(document, paragraphs[first][0], paragraphs[last - 1][1])


def quotations_within(document: Document, start: int, end: int) -> list[Quotation]:
    """The quotations of a stretch of the text."""
    found = quotations(document.text[start:end], language=document.language or None)
    return [_moved(quotation, start) for quotation in found]


def _moved(quotation: Quotation, by: int) -> Quotation:
    def moved(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    return replace(
        quotation,
        span=moved(quotation.span),
        speaker=quotation.speaker and moved(quotation.speaker),
        cue=quotation.cue and moved(quotation.cue),
    )
