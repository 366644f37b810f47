"""
Static files under names that change with their content, a page's style sheets and modules joined.

In the tree each sheet and each module is a file about one thing, and a page that is served from the
tree (with `COPYTASTER_DEBUG`) loads them one after the other. Collecting writes into the file that
imports others what it imports, in the same order, so that a browser asks once for each kind.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = re.compile(r'^@import url\("(\w+\.css)"\) layer\((\w+)\);$', re.MULTILINE)
IMPORT = re.compile(r'^import (?:(\* as \w+|\{[^}]*\}) from )?"\./(\w+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
ANY_OTHER = re.compile(r"^(?:import|export)\b.*|\bimport\(.*|\bimport\.meta\b", re.MULTILINE)


class JoinedFiles(ManifestStaticFilesStorage):
    """Hashed names, and what a page needs in one file of each kind."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        joined = paths if dry_run else paths | _joined(paths)
        yield from super().post_process(joined, dry_run, **options)


class HashedFiles(JoinedFiles, CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """The same, compressed once."""


def _joined(paths: dict[str, Any]) -> dict[str, Any]:
    """The files that import others, with what they import: their names, and a storage that has them."""
    texts = {}
    for name, (storage, path) in paths.items():
        if PurePosixPath(name).suffix in {".css", ".js"}:
            with storage.open(path) as file:
                texts[name] = file.read().decode()
    memory = InMemoryStorage()
    joined = {}
    for name, text in texts.items():
        if SHEET.search(text):
            whole = join_sheet(name, texts)
        elif IMPORT.search(text):
            whole = join_modules(name, texts)
        else:
            continue
        joined[name] = (memory, memory.save(name, ContentFile(whole.encode())))
    return joined


def join_sheet(name: str, texts: dict[str, str]) -> str:
    """The style sheet with the sheets it imports, each in its layer. `texts` has them all by name."""
    folder = PurePosixPath(name).parent

    def layer(found: re.Match[str]) -> str:
        return f"@layer {found[2]} {{\n{texts[str(folder / found[1])]}}}"

    return SHEET.sub(layer, texts[name])


def join_modules(name: str, texts: dict[str, str]) -> str:
    """One module that does what the named one does with all that it imports, in the order of imports.

    Each becomes a function that is called once and returns what it exports. `texts` has them all by
    name. ValueError where modules import each other in a circle, or in a way not known here.
    """
    folder = PurePosixPath(name).parent
    done: dict[str, str] = {}

    def add(stem: str, above: tuple[str, ...]) -> None:
        if stem in above:
            raise ValueError(f"Modules in a circle: {' -> '.join((*above, stem))}")
        if stem in done:
            return
        text = texts[str(folder / f"{stem}.js")]
        for _, imported in IMPORT.findall(text):
            add(imported, (*above, stem))
        done[stem] = _called_once(stem, text)

    add(PurePosixPath(name).stem, ())
    return "\n".join(done.values())


def _called_once(stem: str, text: str) -> str:
    exported = ", ".join(name for _, name in EXPORT.findall(text))
    body = EXPORT.sub(r"\1 \2", IMPORT.sub(_taken, text))
    if other := ANY_OTHER.search(re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)):
        raise ValueError(f"{stem}.js: this cannot be joined: {other[0]}")
    return f"const ${stem} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"


def _taken(found: re.Match[str]) -> str:
    """An import, as taken from what the module before it returned."""
    names, stem = found[1], found[2]
    if not names:
        return ""
    if names.startswith("*"):
        return f"const {names.removeprefix('* as ')} = ${stem};"
    return f"const {names.replace(' as ', ': ')} = ${stem};"
