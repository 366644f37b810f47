"""The orders that a library is listed in: an index for each, so that a page is read and not sorted."""

from django.db.models import Index, Q

IN_USE = Q(deleted_at__isnull=True, archived_at__isnull=True)

BY_ORDER = [
    Index(fields=["collection", *fields], condition=IN_USE, name=f"corpus_document_by_{name}")
    for name, fields in (
        ("date", ["published_on", "title", "id"]),
        ("newest", ["-published_on", "title", "id"]),
        ("title", ["title", "id"]),
        ("publisher", ["publisher", "title", "id"]),
        ("imported", ["-imported_at", "-id"]),
    )
]
