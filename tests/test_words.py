"""Every command line that the README and the guide print does what they say."""

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command, get_commands, load_command_class

from tests import factories

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", "CONTRIBUTING.md", "docs/guide.md", "docs/formats.md"]
NOT_RUN = {
    "serve": "serves until it is stopped",
    "demo": "serves until it is stopped",
    "restore": "would replace the database that the tests stand on",
}
# What a placeholder of the pages stands for.
STANDS_FOR = {
    "PATHS": "articles/", "PATH": "out.csv", "SLUG": "my-collection", "A": "wire.txt", "F": "csv",
    "B": "rewrite.txt", "FILE": "kept.file", "NAME": "alice", "N": "1", "FOLDER": "folder",
    "FILE.csv": "codes.csv", "L": "nominal",
}  # fmt: skip
_INLINE = re.compile(r"`(?:uv run )?(?:python )?manage\.py ([^`]+)`")
_BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _filled_in(line):
    """The words of a command line with something in the place of each placeholder."""
    line = re.sub(r"\[[^\]]*\]", "", line.replace("\\|", "|"))
    return [
        STANDS_FOR.get(word, word.partition("|")[0]) for word in shlex.split(line, comments=True)
    ]


def _printed(page):
    """The command lines in the code blocks of a page, and those inside its sentences."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for block in _BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            if re.match(r"(?:[A-Z_]+=\S+ )*(?:uv |python |manage\.py |make )", line):
                yield page, _filled_in(line)


LINES = [line for page in PAGES for line in _printed(page)]
MANAGED = [
    (page, words[words.index("manage.py") + 1 :]) for page, words in LINES if "manage.py" in words
]
MENTIONED = [
    (page, _filled_in(inline))
    for page in PAGES
    for inline in _INLINE.findall((ROOT / page).read_text(encoding="utf-8"))
]
TARGETS = [words[1:] for _, words in LINES if words[0] == "make"]


def _name(value):
    return " ".join(value) if isinstance(value, list) else value


@pytest.fixture
def place(tmp_path, monkeypatch, alice):
    """A folder with the files that the lines name."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("The ferry to Varn stops in May.")
    (tmp_path / "wire.txt").write_text("The ferry to Varn stops in May.")
    (tmp_path / "rewrite.txt").write_text("The ferry to Varn will stop in May.")
    (tmp_path / "codes.csv").write_text("unit,coder,value\n1,a,yes\n1,b,yes\n2,a,no\n2,b,yes\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_first_line_for_your_own_files_is_among_them():
    line = ["import_documents", "articles/", "--collection", "my-collection"]

    assert ("README.md", line) in MANAGED


@pytest.mark.parametrize(("source", "line"), MANAGED, ids=_name)
def test_a_printed_command_line_works(place, source, line):
    name, *options = line
    assert name in get_commands(), source
    if name in NOT_RUN:
        pytest.skip(f"{name} {NOT_RUN[name]}")
    if "my-collection" in options and name != "import_documents":
        alice = User.objects.get(username="alice")
        document = factories.document(factories.collection("My collection", owner=alice))
        factories.mark(document, alice, "port")

    call_command(name, *options)

    for option, value in pairwise(options):
        assert option != "--output" or (place / value).stat().st_size


@pytest.mark.parametrize(("source", "line"), MENTIONED, ids=_name)
def test_a_command_that_a_sentence_names_takes_what_is_said(source, line):
    name, *options = line
    assert name in get_commands(), source
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)

    known = {option for action in parser._actions for option in action.option_strings}
    assert {option for option in options if option.startswith("--")} <= known
    if options and "..." not in options:
        assert parser.parse_args(options)


@pytest.mark.parametrize("targets", TARGETS, ids=_name)
def test_a_printed_make_target_is_in_the_makefile(targets):
    known = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert set(targets) <= set(known)
