import json

import pytest
from django.core.management import CommandError, call_command

from corpus.models import Collection, Document, ImportBatch


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "a.txt").write_text("The port is closed.")
    (tmp_path / "b.md").write_text("# The mud\n\nIt belongs to *us*.")
    (tmp_path / "sub" / "c.HTML").write_text("<p>The levy comes in March.</p>")
    (tmp_path / "sub" / "d.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / ".hidden" / "e.txt").write_text("A secret.")
    return tmp_path


def run(*paths, collection="harbour", **options):
    call_command("import_documents", *map(str, paths), collection=collection, **options)


def names():
    return [file.name.rpartition("/")[2] for file in ImportBatch.objects.get().files.order_by("pk")]


def test_a_folder_means_the_files_in_and_below_it(harbour, folder, capsys):
    run(folder)

    assert names() == ["a.txt", "b.md", "c.HTML"]
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == f"1/3 imported  {folder}/a.txt: The port is closed"
    assert printed[-1] == "3 imported, 0 duplicate, 0 failed"


def test_a_pattern_means_the_files_it_fits(harbour, folder):
    run(folder / "**" / "*.[mH]*")

    assert names() == ["b.md", "c.HTML"]


def test_a_file_named_twice_is_imported_once(harbour, folder):
    run(folder / "a.txt", folder / "*.txt", folder)

    assert names().count("a.txt") == 1


def test_a_file_with_a_pattern_for_a_name_is_a_file(harbour, tmp_path):
    (tmp_path / "[1].txt").write_text("The port is closed.")

    run(tmp_path / "[1].txt")

    assert names() == ["[1].txt"]


def test_failures_are_said_and_the_exit_code_is_1(harbour, folder, capsys):
    with pytest.raises(CommandError, match="2 of 3 files could not be imported") as stop:
        run(folder / "sub" / "d.jpg", folder / "a.txt", folder / "none.txt")

    assert stop.value.returncode == 1
    assert Document.objects.get().title == "The port is closed"
    printed = capsys.readouterr().out
    assert "d.jpg: Files that end in .jpg cannot be read." in printed
    assert "none.txt: It cannot be opened: No such file or directory." in printed


def test_duplicates_are_no_failure(harbour, folder, capsys):
    run(folder / "a.txt")

    run(folder / "a.txt")

    assert "a.txt: has the text of “The port is closed”" in capsys.readouterr().out


def test_json_says_the_same_to_a_program(harbour, folder, capsys):
    (folder / "f.txt").write_bytes(b"one\ntwo\0")

    with pytest.raises(CommandError):
        run(folder / "a.txt", folder / "f.txt", json=True)

    result = json.loads(capsys.readouterr().out)
    assert result == {
        "collection": "harbour",
        "batch": ImportBatch.objects.get().pk,
        "counts": {"imported": 1, "duplicate": 0, "failed": 1},
        "files": [
            {
                "file": f"{folder}/a.txt",
                "outcome": "imported",
                "document": Document.objects.get().pk,
                "title": "The port is closed",
                "reason": "",
                "line": None,
            },
            {
                "file": f"{folder}/f.txt",
                "outcome": "failed",
                "document": None,
                "title": "",
                "reason": "Line 2 holds a NUL byte, so this is not a text file.",
                "line": 2,
            },
        ],
    }


def test_a_missing_collection_is_named_and_nothing_is_made(harbour, folder):
    with pytest.raises(CommandError, match=r"no collection levy\. There are: harbour\.") as stop:
        run(folder, collection="levy")

    assert stop.value.returncode == 2
    assert not ImportBatch.objects.exists()
    assert Collection.objects.get() == harbour


def test_nothing_to_import_is_a_mistake_in_the_call(harbour, tmp_path):
    with pytest.raises(CommandError, match="No file to import") as stop:
        run(tmp_path, tmp_path / "*.txt")

    assert stop.value.returncode == 2
    assert not ImportBatch.objects.exists()


def test_the_importer_can_be_named(harbour, alice, folder):
    run(folder, user="alice")

    assert ImportBatch.objects.get().creator == alice


def test_an_unknown_importer_is_a_mistake_in_the_call(harbour, folder):
    with pytest.raises(CommandError, match="Nobody here signs in as carol") as stop:
        run(folder, user="carol")

    assert stop.value.returncode == 2


def test_a_quiet_run_prints_nothing(harbour, folder, capsys):
    run(folder, verbosity=0)

    assert capsys.readouterr().out == ""
