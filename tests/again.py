"""Rows that a dear step makes, kept for the next test that takes the same step."""

from collections.abc import Callable
from functools import cache
from itertools import batched

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from corpus.models import Collection
from corpus.relatives.relating import relate

type Rows = dict[type[Model], dict[object, Model]]

_made: dict[Callable[[], None], Rows] = {}


def load() -> None:
    call_command("loaddata", "sample", verbosity=0)


def load_and_relate() -> None:
    load()
    relate(Collection.objects.get(slug="sample"))


def sample(*, related: bool = False) -> Collection:
    """The sample collection, with the relations of its documents or without, in a database without it."""
    take(load_and_relate if related else load)
    return Collection.objects.get(slug="sample")


def take(step: Callable[[], None]) -> None:
    """Take the step; where this process has taken it before, put in the rows that it made then.

    It may make rows, and change those that it has made, but not others.
    """
    if step in _made:
        _put_in(_made[step])
        return
    before = _stored()
    step()
    after = _stored()
    _made[step] = {
        model: {pk: row for pk, row in rows.items() if pk not in before[model]}
        for model, rows in after.items()
    }
    assert all(after[model].keys() >= rows.keys() for model, rows in before.items())


@cache
def _models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.managed]


def _stored() -> Rows:
    return {model: {row.pk: row for row in model._base_manager.all()} for model in _models()}


def _put_in(made: Rows) -> None:
    """Put in the rows as they are, as a fixture is, without what saving would change in them."""
    filled = {model: list(rows.values()) for model, rows in made.items() if rows}
    with transaction.atomic():
        for model, rows in filled.items():
            fields = [field for field in model._meta.concrete_fields if not field.generated]
            size = connection.ops.bulk_batch_size(fields, rows)
            for some in batched(rows, size, strict=False):
                model._base_manager._insert(list(some), fields=fields, raw=True)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(filled)):
                cursor.execute(statement)
