"""The quotations of stored documents, remembered by the text and the version of the engine."""

from django.core.cache import cache

from .comparison import VERSION, Quotation, quotations
from .models import Document


def quotations_of(document: Document) -> list[Quotation]:
    """Who says what in a document; the same text is searched once."""
    key = f"quotations:{VERSION}:{document.sha256}"
    found: list[Quotation] | None = cache.get(key)
    if found is None:
        found = quotations(document.text)
        cache.set(key, found)
    return found
