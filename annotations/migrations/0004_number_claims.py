from itertools import batched, groupby
from typing import Any

from django.db import migrations
from django.db.models import Case, IntegerField, Value, When


def number_claims(apps: Any, schema_editor: Any) -> None:
    """Give each claim the number that the pages showed: its place in the list.

    Those that have left the list follow, so that one that comes back takes nobody's number.
    """
    claims, numberings = (apps.get_model("annotations", name) for name in ("Claim", "Numbering"))
    using = schema_editor.connection.alias
    away = Case(
        When(deleted_at__isnull=True, merged_into__isnull=True, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = claims.objects.using(using).annotate(away=away).only("pk", "collection")
    found = list(rows.order_by("collection", "away", "order", "pk"))
    for collection, listed in groupby(found, key=lambda claim: claim.collection_id):
        last = 0
        for chunk in batched(listed, 500, strict=False):
            for claim in chunk:
                last += 1
                claim.number = last
            claims.objects.using(using).bulk_update(chunk, ["number"])
        numberings.objects.using(using).update_or_create(
            collection_id=collection, defaults={"last": last}
        )


class Migration(migrations.Migration):
    dependencies = [("annotations", "0003_claim_number")]

    operations = [migrations.RunPython(number_claims, migrations.RunPython.noop, elidable=False)]
