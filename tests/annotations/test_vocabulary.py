"""The keys that the program reads are named in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

from annotations import vocabulary
from annotations.codebooks import _flat
from annotations.models import default_codebook

ROOT = Path(__file__).parents[2]
KEYS = {
    value for name, value in vars(vocabulary).items() if name.isupper() and isinstance(value, str)
}
# The same words for something else: a column of a file, a name in a template, a kind of chip.
OTHERWISE = {
    ("annotations/exports/grid", "stance"),
    ("annotations/exports/grid", "position"),
    ("annotations/views/answers", "stance"),
    ("annotations/read", "change"),
}


def _bare(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and node.value in KEYS:
            yield node.value


def test_no_core_key_is_written_out_elsewhere():
    found = {
        (file, word)
        for path in (ROOT / "annotations").rglob("*.py")
        if "migrations" not in path.parts and path.name != "vocabulary.py"
        for file in [str(path.relative_to(ROOT))]
        for word in _bare(path.read_text())
        if not any(file.startswith(start) and word == other for start, other in OTHERWISE)
    }

    assert found == set()


def test_a_key_that_is_written_out_is_found():
    assert list(_bare('rows.filter(variable__key="stance", code__key__in=["against"])')) == [
        "stance"
    ]


def test_the_shipped_codebook_has_them_all():
    assert {variable["key"] for variable in _flat(default_codebook())} >= KEYS
