"""A codebook's JSON made into rows, in few statements: the write lock is everybody's."""

from collections.abc import Iterator, Sequence
from copy import copy
from typing import Any, NamedTuple

from annotations.codebooks import CodebookError

from .codebook import Code, Codebook, Variable

Json = dict[str, Any]
Pairs = set[tuple[str, str]]

LARGEST_ORDER = 2**31 - 1
BATCH = 500


class _Item(NamedTuple):
    """A variable of the JSON, with the row it becomes and how deep it stands."""

    data: Json
    row: Variable
    depth: int


def take_in(codebook: Codebook, data: Json, *, logged: Pairs | None = None) -> None:
    """Make the codebook's variables and codes those of the JSON, which is checked already.

    What the JSON leaves out is retired where it is or was in use, or where it is in `logged` (see
    in_history), and removed where it was not. Call it in a transaction.
    """
    rows = {row.key: row for row in codebook.variables.prefetch_related("codes")}
    there = {row.key: list(row.codes.all()) for row in rows.values()}
    items = list(_items(data["variables"], codebook, rows))
    for depth in range(max((item.depth for item in items), default=-1) + 1):
        # A parent has its number before its children are stored.
        new = [item.row for item in items if item.depth == depth and item.row.pk is None]
        for row in new:
            row.parent = row.parent  # the number of a parent that had none when it was set
        Variable.objects.bulk_create(new, batch_size=BATCH)
    known = [item.row for item in items if item.row.key in rows]
    _write(Variable, known, ("codebook", "key"), _VARIABLE_FIELDS)
    codes: list[Code] = []
    left: list[Code] = []
    for item in items:
        made, unnamed = _codes(item, there)
        codes += made
        left += unnamed
    _write(Code, codes, ("variable", "key"), _CODE_FIELDS)
    kept = {item.row.key for item in items}
    gone = [row for key, row in rows.items() if key not in kept]
    left += [code for row in gone if not row.core for code in there[row.key]]
    _remove(left, codebook, logged or set())
    _remove_variables([row for row in gone if not row.core])


_VARIABLE_FIELDS = [
    "parent", "label", "question", "rules", "level", "choice", "scale", "core", "note",
    "quick_buttons", "order", "extra",
]  # fmt: skip
_CODE_FIELDS = [
    "label", "definition", "include", "exclude", "example", "shortcut", "colour", "retired",
    "merged_into", "order", "rank", "missing", "extra",
]  # fmt: skip


def _items(
    variables: list[Json],
    codebook: Codebook,
    rows: dict[str, Variable],
    *,
    parent: Variable | None = None,
    before: int = 0,
    depth: int = 0,
) -> Iterator[_Item]:
    """The variables and those below them, parents first, as rows that are not stored yet."""
    for position, data in enumerate(variables):
        found = rows.get(data["key"])
        row = found or Variable(codebook=codebook, key=data["key"])
        order = min(before * 100 + position, LARGEST_ORDER)
        _describe(row, data, parent=parent, order=order)
        yield _Item(data, row, depth)
        yield from _items(
            data.get("fields", []), codebook, rows, parent=row, before=order, depth=depth + 1
        )


def _describe(row: Variable, data: Json, *, parent: Variable | None, order: int) -> None:
    stored = row.pk is not None
    level = data.get("level", parent.level if parent else ["passage"])
    core = stored and row.core
    if not core:
        row.level = [level] if isinstance(level, str) else level
        choice = data.get("choice", "one")
        if fault := row.fault_of(choice):
            raise CodebookError(f"variable “{row.key}”, choice", fault)
        row.choice = choice
    row.parent = parent
    row.label = data["label"]
    row.question = data.get("question", "")
    row.rules = data.get("rules", [])
    row.scale = data.get("scale", "nominal")
    row.core = core or data.get("core", parent.core if parent else False)
    row.note = data.get("note", "")
    row.quick_buttons = data.get("quick_buttons", [])
    row.order = order
    row.extra = {key: value for key, value in data.items() if key not in Variable.KNOWN}


def _codes(item: _Item, there: dict[str, list[Code]]) -> tuple[list[Code], list[Code]]:
    """The codes of a variable as the JSON has them, and those that it leaves out."""
    data, row, _ = item
    ranks = {key: rank for rank, key in enumerate(data.get("order", []))}
    missing = set(data.get("missing", []))
    found = {code.key: code for code in there.get(row.key, [])}
    made = []
    for position, entry in enumerate(data.get("codes", [])):
        code = found.pop(entry["key"], None) or Code(variable=row, key=entry["key"])
        code.absorb(entry, order=position)
        code.rank = ranks.get(code.key)
        code.missing = code.key in missing
        made.append(code)
    return made, list(found.values())


def _write[Row: (Variable, Code)](
    model: type[Row], rows: list[Row], named: Sequence[str], fields: Sequence[str]
) -> None:
    """Make or update the rows, found by what names them.

    bulk_update would take a condition for every value: ten seconds for the largest codebook.
    """
    fresh = [copy(row) for row in rows]
    for row in fresh:
        row.pk = None
    model._default_manager.bulk_create(
        fresh,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=named,
        update_fields=fields,
    )


def _remove(codes: list[Code], codebook: Codebook, logged: Pairs) -> None:
    """Delete the codes, or retire those that something may still lead to."""
    if not codes:
        return
    own = Code.objects.filter(variable__codebook=codebook)
    used = set(own.filter(merged_into__isnull=False).values_list("merged_into", flat=True))
    for rows in ("codings", "claim_codings"):
        coded = own.filter(**{f"{rows}__isnull": False})
        used |= set(coded.order_by().values_list("pk", flat=True).distinct())
    core = set(own.filter(variable__core=True).values_list("pk", flat=True))
    keys = dict(own.values_list("pk", "variable__key"))
    stays = {
        code.pk
        for code in codes
        if code.pk in used
        or code.pk in core
        or code.merged_into_id is not None
        or (keys[code.pk], code.key) in logged
    }
    for numbers in _batches(sorted(stays)):
        Code.objects.filter(pk__in=numbers).update(retired=True)
    for numbers in _batches([code.pk for code in codes if code.pk not in stays]):
        Code.objects.filter(pk__in=numbers).delete()


def _remove_variables(rows: list[Variable]) -> None:
    """Delete those without codes and without children, from the deepest up."""
    left = [row.pk for row in rows]
    while left:
        empty = list(
            Variable.objects.filter(pk__in=left, codes=None, children=None).values_list(
                "pk", flat=True
            )
        )
        if not empty:
            break
        Variable.objects.filter(pk__in=empty).delete()
        left = [pk for pk in left if pk not in set(empty)]


def _batches(numbers: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(numbers), BATCH):
        yield numbers[at : at + BATCH]


def in_history(codebook: Codebook) -> Pairs:
    """The (variable key, code key) pairs that a step of undo may bring back.

    Read before the transaction that needs it: it goes through the whole log.
    """
    found: Pairs = set()
    logged = codebook.collection.revisions
    for states in logged.values_list("before", "after").iterator(chunk_size=1000):
        for state in states:
            if state:
                found |= {(variable, code) for variable, code in state.get("codings", ())}
    return found
