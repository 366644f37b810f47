import json

import pytest
from django.core.management import CommandError, call_command

from corpus.text import canonical
from tests import factories
from tests.corpus.test_evidence import REWRITE, WIRE


@pytest.fixture
def files(tmp_path):
    (tmp_path / "wire.txt").write_text(WIRE)
    (tmp_path / "rewrite.txt").write_text(REWRITE)
    return str(tmp_path / "wire.txt"), str(tmp_path / "rewrite.txt")


def test_two_files_are_compared_for_the_terminal(files, capsys):
    call_command("compare", *files)

    report = capsys.readouterr().out
    assert "Named changes: " in report
    assert "quotation altered" in report


def test_the_json_slices_back_into_both_texts(files, capsys):
    call_command("compare", *files, "--format", "json")

    report = json.loads(capsys.readouterr().out)
    for side, text in (("source", canonical(WIRE)), ("derived", canonical(REWRITE))):
        assert report[side]["length"] == len(text)
        for change in report["changes"]:
            if change[side]:
                assert text[change[side]["start"] : change[side]["end"]] == change[side]["text"]
        for pair in report["pairs"]:
            sides = [edit[side] for edit in pair["edits"] if edit["op"] != "equal"]
            assert all(0 <= start <= end <= len(text) for start, end in sides)


def test_imported_documents_are_named_by_number(harbour, tmp_path):
    first = factories.document(harbour, WIRE, title="Wire", publisher="Meridian")
    second = factories.document(harbour, REWRITE, title="Rewrite")
    target = tmp_path / "sheet.html"

    call_command("compare", first.pk, second.pk, "--format", "html", "--output", str(target))

    page = target.read_text()
    assert page.startswith("<!doctype html>")
    assert "Meridian" in page


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing.txt", "missing.txt: no such file"), ("424242", "no document with the number")],
)
def test_what_is_not_there_is_named(files, db, name, message):
    with pytest.raises(CommandError, match=message):
        call_command("compare", files[0], name)


def test_a_bad_file_is_named_with_the_reason(files, tmp_path):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"One line.\nTwo\0 lines.")

    with pytest.raises(CommandError, match=r"bad\.txt.*NUL"):
        call_command("compare", files[0], str(bad))


def test_a_place_that_cannot_be_written_is_named(files, tmp_path):
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("compare", *files, "--output", str(tmp_path / "no" / "sheet.txt"))
