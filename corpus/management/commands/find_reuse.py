import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corpus.models import Collection, Derivation
from corpus.relatives.relating import ALGORITHM, kinship, relate


class Command(BaseCommand):
    help = (
        "Find which documents of a collection share text, which comes from which, and gather those "
        "that are versions of one text into stories. Run it again whenever you like. The exit code "
        "is 0 when it was done, 2 when there is no such collection."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the collection, as its address names it")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = Collection.objects.filter(slug=options["slug"]).first()
        if collection is None:
            slugs = Collection.objects.order_by("slug").values_list("slug", flat=True)[:20]
            there = f" There are: {', '.join(slugs)}." if slugs else " There are none yet."
            message = f"There is no collection {options['slug']}.{there}"
            raise CommandError(message, returncode=2)
        found = relate(collection, on_compared=self.progress)
        documents = dict(collection.documents.values_list("pk", "title"))
        rows = sorted(found.derivations, key=lambda row: (-row.score, row.source_id))
        stories = [
            {
                "name": story.name,
                "documents": [document.pk for document in story.documents.for_lists().in_order()],
            }
            for story in collection.stories.order_by("name", "pk")
        ]
        stories = [story for story in stories if story["documents"]]
        if options["json"]:
            result = {
                "collection": collection.slug,
                "algorithm": ALGORITHM,
                "documents": len(documents),
                "compared": found.compared,
                "derivations": [_as_dict(row) for row in rows],
                "stories": stories,
            }
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))
            return
        for row in rows:
            source, derived = documents.get(row.source_id, ""), documents.get(row.derived_id, "")
            kept = f"{row.source_in_derived:.0%} of its words kept"
            self.stdout.write(f"{derived}: {kinship(row)[0].lower()} {source} ({kept})")
        self.stdout.write(
            f"Documents: {len(documents)}. Pairs compared: {found.compared}, sharing text: "
            f"{len(rows)}. Stories: {len(stories)}."
        )

    def progress(self, done: int, total: int) -> None:
        """Keep one line of the terminal up to date; a file or a pipe gets none."""
        if self.stderr.isatty() and (done % 10 == 0 or done == total):
            end = "\n" if done == total else ""
            self.stderr.write(f"\rCompared {done} of {total} pairs", ending=end)


def _as_dict(row: Derivation) -> dict[str, Any]:
    return {
        "source": row.source_id,
        "derived": row.derived_id,
        "relation": row.relation,
        "containment": {
            "source_in_derived": round(row.source_in_derived, 4),
            "derived_in_source": round(row.derived_in_source, 4),
        },
        "score": round(row.score, 4),
    }
