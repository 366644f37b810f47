"""Style sheets and modules: small in the tree, joined where they are served."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from config.storage import join_modules, join_sheet

ROOT = Path(__file__).parent.parent
SHEETS = ROOT / "static" / "css"
MODULES = sorted((ROOT / "static" / "js").glob("*.js"))
MOST_LINES = 500

# What is longer, and is being split; nothing is added here.
STILL_LONG = {
    "tests/annotations/test_blind.py",
    "tests/annotations/test_claims.py",
    "tests/annotations/test_codebook.py",
    "tests/annotations/test_grid.py",
    "tests/annotations/test_marking.py",
    "tests/annotations/test_propagation.py",
    "tests/annotations/test_reader.py",
    "tests/browser/test_marking.py",
    "tests/corpus/test_relating.py",
    "tests/growing.py",
}


def lines_of(path):
    return len(path.read_text().splitlines())


def test_no_style_sheet_and_no_module_is_long():
    files = [*SHEETS.glob("*.css"), *MODULES]

    assert {file.name: lines_of(file) for file in files if lines_of(file) > MOST_LINES} == {}


def test_no_python_file_is_long():
    files = [
        file
        for folder in ("annotations", "benchmarks", "config", "corpus", "tests")
        for file in (ROOT / folder).rglob("*.py")
        if "migrations" not in file.parts
    ]

    long = {str(file.relative_to(ROOT)) for file in files if lines_of(file) > MOST_LINES}

    assert long <= STILL_LONG


READING = re.compile(
    r"(?<!dataset)\.title\b(?!\s*=[^=])|\.className\b(?!\s*=[^=])|\.classList\b"
    r"|(?:getAttribute|hasAttribute)\(\"(?:title|class|aria-label)\"\)"
)


def test_no_script_reads_a_tooltip_or_a_class_name():
    reading = {file.name: READING.findall(file.read_text()) for file in MODULES}

    assert {name: found for name, found in reading.items() if found} == {}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The folder of the collected files."""
    folder = tmp_path_factory.mktemp("static")
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "config.storage.JoinedFiles"},
    }
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def test_the_sheet_that_is_served_has_every_sheet_in_its_layer(collected):
    (served,) = collected.glob("css/app.*.css")
    text = served.read_text()

    assert "@import" not in text
    assert text.startswith("@layer tokens, base, components, utilities;\n@layer tokens {")
    names = re.findall(r'@import url\("(\w+\.css)"\)', (SHEETS / "app.css").read_text())
    alone = {"app.css", "admin.css", "evidence.css"}
    assert {file.name for file in SHEETS.glob("*.css")} == {*names, *alone}
    places = [text.index((SHEETS / name).read_text()) for name in names]
    assert places == sorted(places)


@pytest.mark.parametrize("page", ["app", "grid", "library", "drop", "reader"])
def test_the_module_that_is_served_imports_nothing(collected, page):
    (served,) = collected.glob(f"js/{page}.*.js")

    assert not re.search(r"^(import|export)\b", served.read_text(), re.MULTILINE)


def test_a_sheet_takes_the_place_of_its_import():
    texts = {
        "css/all.css": '@layer low, high;\n@import url("a.css") layer(low);\np {}\n',
        "css/a.css": "b {}\n",
    }

    assert join_sheet("css/all.css", texts) == "@layer low, high;\n@layer low {\nb {}\n}\np {}\n"


def test_modules_are_called_once_each_after_what_they_import():
    texts = {
        "js/page.js": 'import "./side.js";\nimport { a as first } from "./a.js";\nfirst();\n',
        "js/side.js": 'import * as all from "./a.js";\nall.a();\n',
        "js/a.js": "export const b = 1;\nexport async function a() {}\n",
    }

    assert join_modules("js/page.js", texts) == (
        "const $a = (() => {\nconst b = 1;\nasync function a() {}\n\nreturn { b, a };\n})();\n"
        "const $side = (() => {\nconst all = $a;\nall.a();\n\nreturn {  };\n})();\n"
        "const $page = (() => {\n\nconst { a: first } = $a;\nfirst();\n\nreturn {  };\n})();"
    )


def test_modules_in_a_circle_are_refused():
    texts = {"js/a.js": 'import "./b.js";\n', "js/b.js": 'import "./a.js";\n'}

    with pytest.raises(ValueError, match="a -> b -> a"):
        join_modules("js/a.js", texts)


@pytest.mark.parametrize(
    "line",
    [
        "export default 1;",
        'export { a } from "./b.js";',
        'import a from "./b.js";',
        'const a = await import("./b.js");',
        "export let a = 1;",
    ],
)
def test_a_form_of_import_that_cannot_be_joined_is_refused(line):
    with pytest.raises(ValueError, match="cannot be joined"):
        join_modules("js/a.js", {"js/a.js": f"{line}\n", "js/b.js": ""})
