"""What the pages of docs/ name exists, and what exists for people to use stands in them."""

import json
import re
from argparse import SUPPRESS
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from annotations.exports.tables import COLUMNS

ROOT = Path(__file__).parent.parent
OURS = ("annotations", "corpus")
PAGES = ("README.md", "CONTRIBUTING.md", "docs/guide.md", "docs/formats.md", "docs/agreement.md")
# Where names of files in docs/architecture.md begin, beside the top of the tree.
ROOMS = ("", "annotations", "corpus", "corpus/comparison")
# Django's own, which every command takes.
USUAL = {"--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback"}
USUAL |= {"--no-color", "--force-color", "--skip-checks"}
# Set by one part of the program for another.
INTERNAL = {"COPYTASTER_THREADS"}


def words(*pages: str) -> str:
    return "\n".join((ROOT / page).read_text(encoding="utf-8") for page in pages)


def commands() -> list[str]:
    return sorted(name for name, app in get_commands().items() if app in OURS)


@pytest.mark.parametrize("doc", ["docs/architecture.md", "docs/how-to-add.md"])
def test_every_file_that_is_named_exists(doc):
    named = re.findall(r"`([\w./-]+)`", words(doc))
    # Names in capitals stand for a new file's, and three dots for a folder.
    paths = {one for one in named if "/" in one and not re.search(r"[A-Z]{3}|\.\.\.", one)}
    assert paths
    gone = {one for one in paths if not any((ROOT / room / one).exists() for room in ROOMS)}
    assert gone == set()


@pytest.mark.parametrize("name", commands())
def test_every_command_and_its_options_stand_in_the_docs(name):
    if name == "migrate":  # Django's, with an option of ours
        options = {"--no-backup"}
    else:
        command = load_command_class(get_commands()[name], name)
        parser = command.create_parser("manage.py", name)
        options = {
            option
            for action in parser._actions
            if action.help != SUPPRESS
            for option in action.option_strings
            if option.startswith("--")
        } - USUAL
    text = words(*PAGES)
    assert f"manage.py {name}" in text or f"`{name}" in text
    assert {option for option in options if option not in text} == set()


def test_every_setting_stands_in_the_guide():
    read = {
        name
        for folder in ("config", *OURS)
        for file in (ROOT / folder).rglob("*.py")
        for name in re.findall(r"COPYTASTER_[A-Z_]+", file.read_text(encoding="utf-8"))
    }
    assert "COPYTASTER_DATA" in read
    assert {name for name in read - INTERNAL if name not in words("docs/guide.md")} == set()


def test_every_column_of_the_table_stands_in_the_formats():
    rows = set(re.findall(r"^\| `([^`]+)`", words("docs/formats.md"), re.MULTILINE))
    assert set(COLUMNS) <= rows


def test_every_code_of_the_shipped_codebook_stands_in_the_formats():
    text = words("docs/formats.md")
    section = text[text.index("### The shipped codebook") :].partition("\n## ")[0]
    rows = {
        row[1]: set(re.findall(r"`([^`]+)`", row[2]))
        for row in re.finditer(r"^\| `([^`]+)`[^|]*\| (.*) \|$", section, re.MULTILINE)
    }
    shipped = json.loads((ROOT / "annotations/data/codebook.json").read_text(encoding="utf-8"))
    assert rows == {
        one["key"]: {code["key"] for code in one.get("codes", [])} for one in shipped["variables"]
    }
