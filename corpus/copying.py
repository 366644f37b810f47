"""Copies of documents in another collection: the text and all that is known of it, nobody's work."""

from collections.abc import Iterable
from itertools import batched

from .models import Collection, Derivation, Document, Story

AT_ONCE = 20  # documents, each with the file it came from
SOURCES_AT_ONCE = 500


def copy_documents(documents: Iterable[Document], into: Collection) -> dict[int, int]:
    """Store the copies, with their stories and relations: new numbers by the old ones."""
    made: dict[int, int] = {}
    copy_some([document.pk for document in documents], into, made, {})
    relate_copies(made)
    return made


def copy_some(
    pks: list[int], into: Collection, made: dict[int, int], stories: dict[int, Story]
) -> None:
    """Add copies to those `made` before, whose `stories` they may share; both grow."""
    # A date is kept as well: auto_now_add would say that the file came in today.
    imported = Document._meta.get_field("imported_at")
    for some in batched(sorted(pks), AT_ONCE, strict=False):
        rows = list(Document.objects.filter(pk__in=some).select_related("story").order_by("pk"))
        copies = []
        for row in rows:
            fields = {
                field.attname: getattr(row, field.attname)
                for field in Document._meta.concrete_fields
                if not field.primary_key and not field.generated
            }
            copied = Document(**fields)
            copied.collection, copied.batch = into, None
            copied.archived_at = copied.deleted_at = copied.deleted_by = None
            copied.replaces_id = None
            copied.story = _story(row.story, into, stories)
            copies.append(copied)
        dates = [copied.imported_at for copied in copies]
        Document.objects.bulk_create(copies)
        for copied, date in zip(copies, dates, strict=True):
            copied.imported_at = date
        Document.objects.bulk_update(copies, [imported.name])
        made |= {row.pk: copied.pk for row, copied in zip(rows, copies, strict=True)}


def _story(story: Story | None, into: Collection, known: dict[int, Story]) -> Story | None:
    if story is None:
        return None
    if story.pk not in known:
        known[story.pk] = Story.objects.create(collection=into, name=story.name)
    return known[story.pk]


def relate_copies(made: dict[int, int]) -> None:
    """What holds between two that are both copied holds between the copies."""
    for some in batched(sorted(made), SOURCES_AT_ONCE, strict=False):
        copies = []
        for link in Derivation.objects.filter(source__in=some).order_by("pk"):
            if link.derived_id in made:
                link.pk = None
                link._state.adding = True
                link.source_id, link.derived_id = made[link.source_id], made[link.derived_id]
                copies.append(link)
        Derivation.objects.bulk_create(copies)
        corrections = Document.objects.filter(pk__in=some, replaces__isnull=False)
        for new, old in corrections.values_list("pk", "replaces"):
            if old in made:
                Document.objects.filter(pk=made[new]).update(replaces=made[old])
